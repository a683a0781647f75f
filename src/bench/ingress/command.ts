import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { createClosers, type Closers } from '../../quickstart/stage/closers';
import { claimFolder } from '../../quickstart/stage/folder';
import { LOCATION } from '../../quickstart/stage/standIns';
import { startTemporal } from '../../quickstart/stage/temporal';
import { signingKey } from '../../sandbox/ghl/agent/signing';
import { describeMachine } from '../machine';
import { wholeNumber } from '../options';
import { fireOpenLoop, type LoadResult } from './openLoop';
import { makePosts } from './posts';
import { startBareServer, startCommitProbe } from './references';
import { startRealBridge } from './realBridge';
import { reportOf } from './report';

interface Options {
  rate: number;
  seconds: number;
  temporalDown: boolean;
}

const WARM_UP_S = 3;

/** `bench ingress`: how long an acknowledged Delivery post takes, beside a bare Koa route. */
export function ingressCommand(say: (line: string) => void): Command {
  return new Command('ingress')
    .description('how long POST /ghl/delivery takes to acknowledge at a fixed rate, beside a bare Koa route')
    .option('--rate <number>', 'posts a second, to each of both', wholeNumber, 100)
    .option('--seconds <number>', 'how long', wholeNumber, 20)
    .option('--temporal-down', 'with Temporal killed before the first post', false)
    .action((options: Options) => run(options, say));
}

async function run(options: Options, say: (line: string) => void): Promise<void> {
  const closers = createClosers();
  try {
    await measure(options, say, closers);
  } finally {
    await closers.closeAll();
  }
}

async function measure(options: Options, say: (line: string) => void, closers: Closers): Promise<void> {
  const { rate, seconds, temporalDown } = options;
  for (const line of describeMachine()) say(line);
  const folder = await claimFolder(resolve('data/bench'));
  closers.add(() => folder.release());
  const temporal = await startTemporal(say, join(folder.path, 'temporal.log'));
  closers.add(() => temporal.stop());
  const key = signingKey();
  const privateKeyPem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const bridge = await startRealBridge(folder.path, temporal, privateKeyPem, closers);
  const bare = await startBareServer(folder.path, closers);
  const commits = startCommitProbe(folder.path, closers);
  if (temporalDown) await temporal.kill();

  const both = async (forSeconds: number): Promise<[LoadResult, LoadResult]> => {
    const posts = makePosts(rate * forSeconds, LOCATION.id, key);
    const startAt = performance.now() + 500;
    return await Promise.all([
      fireOpenLoop(bridge, { posts, rate, startAt }),
      fireOpenLoop(bare, { posts, rate, startAt: startAt + 500 / rate }),
    ]);
  };
  await both(WARM_UP_S);
  await commits.durations();
  say(headline(options));
  const [ofBridge, ofBare] = await both(seconds);
  for (const line of reportOf({ bridge: ofBridge, bare: ofBare, commits: await commits.durations(), temporalDown })) {
    say(line);
  }
}

function headline({ rate, seconds, temporalDown }: Options): string {
  const temporal = temporalDown ? 'Temporal is down' : 'Temporal dev server, in memory';
  return [
    '',
    `POST /ghl/delivery, ${rate}/s for ${seconds} s, open loop: timed from when a post was due.`,
    `The bridge (ingress and worker in one process, SQLite; ${temporal}) and a bare Koa route at the same time,`,
    'each at that rate, each in its own process; every 100 ms one commit of another SQLite file beside them.',
    '',
  ].join('\n');
}
