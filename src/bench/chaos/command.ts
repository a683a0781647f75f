import { resolve } from 'node:path';
import { Command } from 'commander';
import { createClosers } from '../../quickstart/stage/closers';
import { claimFolder } from '../../quickstart/stage/folder';
import { describeMachine } from '../machine';
import { wholeNumber } from '../options';
import { startMysql } from '../stage/servers';
import { runChaos, type ChaosOptions, type ChaosReport } from './run';
import { isClean, type Verdict } from './verdict';

/** `bench chaos`: a campaign through `kill -9` of worker, ingress and Temporal. Ends with 1 where anything went wrong. */
export function chaosCommand(say: (line: string) => void): Command {
  return new Command('chaos')
    .description('kill -9 of worker, ingress and Temporal during a campaign: nothing lost, doubled or out of order')
    .option('--messages <number>', 'in all', wholeNumber, 2_000)
    .option('--numbers <number>', 'WhatsApp numbers, each in a location of its own', wholeNumber, 5)
    .option('--contacts <number>', 'of each number', wholeNumber, 20)
    .option('--rounds <number>', 'how often each of the three is killed', wholeNumber, 5)
    .option('--gap-ms <number>', 'between two sends of a number', wholeNumber, 200)
    .option('--pause-ms <number>', 'between two messages to one contact', wholeNumber, 10_000)
    .option('--end-ms <number>', 'how long everything may take to end', wholeNumber, 900_000)
    .action(async (options: ChaosOptions) => {
      if (!(await run(options, say))) throw new Error('The campaign did not come through: see above.');
    });
}

async function run(options: ChaosOptions, say: (line: string) => void): Promise<boolean> {
  const closers = createClosers();
  try {
    for (const line of describeMachine()) say(line);
    const folder = await claimFolder(resolve('data/bench'));
    closers.add(() => folder.release());
    const { databaseUrl } = await startMysql(closers);
    const report = await runChaos({ folder: folder.path, databaseUrl, closers, say }, options);
    for (const line of linesOf(report)) say(line);
    return isClean(report.verdict);
  } finally {
    await closers.closeAll();
  }
}

function linesOf({ verdict, acknowledged, sent, unknown, kills }: ChaosReport): string[] {
  const count = (name: keyof Verdict, words: string): string =>
    `${words.padEnd(22)}${String(verdict[name].length).padStart(6)}   ${verdict[name].slice(0, 3).join(' | ')}`.trimEnd();
  return [
    '',
    `${acknowledged} acknowledged, ${sent} sent, ${unknown} told as unknown, through ${kills} kills`,
    count('lost', 'lost'),
    count('doubled', 'doubled'),
    count('inverted', 'inverted'),
    count('unended', 'still open'),
    count('needlesslyUnknown', 'unknown without need'),
    isClean(verdict) ? 'PASS' : 'FAIL',
  ];
}
