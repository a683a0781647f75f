import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { createClosers } from '../../quickstart/stage/closers';
import { claimFolder } from '../../quickstart/stage/folder';
import { wholeNumber } from '../options';
import { LANES_PARTS, type LanesOptions } from './options';
import { runLanes } from './run';

/** `bench lanes`: what a campaign on one number does to others, and how exactly numbers keep their times. */
export function lanesCommand(say: (line: string) => void): Command {
  return new Command('lanes')
    .description('a campaign on one number beside light traffic on others; busy numbers beside a hung host; the store')
    .option('--messages <number>', 'of the campaign', wholeNumber, 10_000)
    .option('--rate <number>', 'at which they are posted, a second', wholeNumber, 50)
    .option('--numbers <number>', 'with light traffic', wholeNumber, 50)
    .option('--light-every-ms <number>', 'between two messages of one of these', wholeNumber, 30_000)
    .option('--gap-ms <number>', 'of every number: the pace, scaled down', wholeNumber, 1_000)
    .option('--runs <number>', 'of light traffic, quiet and while the campaign drains', wholeNumber, 5)
    .option('--run-seconds <number>', 'each', wholeNumber, 60)
    .option('--memory-seconds <number>', 'for which memory is looked at', wholeNumber, 20)
    .option('--busy <number>', 'numbers on which somebody always waits', wholeNumber, 300)
    .option('--busy-gap-ms <number>', 'their gap', wholeNumber, 60_000)
    .option('--hung <number>', 'numbers of the gateway host that hangs', wholeNumber, 50)
    .option('--busy-seconds <number>', 'each of the two times that they are measured', wholeNumber, 300)
    .option('--store-messages <number>', 'that wait in the store alone', wholeNumber, 50_000)
    .addOption(new Option('--only <part...>', 'parts to measure').choices(LANES_PARTS).default([...LANES_PARTS]))
    .option('--json <file>', 'for the result')
    .option('--strict', 'end with 1 where a goal is not met', false)
    .action(async (options: LanesOptions) => {
      const isGood = await inFolder((folder, closers) => runLanes({ folder, closers, say }, options));
      if (options.strict && !isGood) throw new Error('A goal was not met: see above.');
    });
}

async function inFolder<T>(
  work: (folder: string, closers: ReturnType<typeof createClosers>) => Promise<T>,
): Promise<T> {
  const closers = createClosers();
  try {
    const folder = await claimFolder(resolve('data/bench'));
    closers.add(() => folder.release());
    return await work(folder.path, closers);
  } finally {
    await closers.closeAll();
  }
}
