import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { createClosers, type Closers } from '../../quickstart/stage/closers';
import { claimFolder } from '../../quickstart/stage/folder';
import { LOCATION } from '../../quickstart/stage/standIns';
import { startTemporal } from '../../quickstart/stage/temporal';
import { signingKey } from '../../sandbox/ghl/agent/signing';
import { startChild } from '../childProcess';
import { describeMachine } from '../machine';
import { fireOpenLoop, type LoadResult, type Target } from './openLoop';
import { makePosts } from './posts';
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

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('must be a whole number above 0');
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
  const bare = await startBare(folder.path, closers);
  const commits = startChild(join(__dirname, 'commitProbe.js'), {
    args: [join(folder.path, 'commits.sqlite')],
    logFile: join(folder.path, 'commits.log'),
  });
  closers.add(() => commits.stop());
  if (temporalDown) await temporal.kill();

  const both = (forSeconds: number): Promise<LoadResult[]> => {
    const posts = makePosts(rate * forSeconds, LOCATION.id, key);
    const startAt = performance.now() + 100;
    return Promise.all([
      fireOpenLoop(bridge, { posts, rate, startAt }),
      fireOpenLoop(bare, { posts, rate, startAt: startAt + 500 / rate }),
    ]);
  };
  const commitsSoFar = async (): Promise<number[]> => {
    commits.process.send('durations');
    return (await commits.message()) as number[];
  };
  await both(WARM_UP_S);
  await commitsSoFar();
  say(headline(options));
  const [ofBridge, ofBare] = (await both(seconds)) as [LoadResult, LoadResult];
  const report = reportOf({ bridge: ofBridge, bare: ofBare, commits: await commitsSoFar(), temporalDown });
  for (const line of report) say(line);
}

function headline({ rate, seconds, temporalDown }: Options): string {
  const temporal = temporalDown ? 'Temporal is down' : 'Temporal dev server in memory';
  return `\nPOST /ghl/delivery, ${rate}/s for ${seconds} s, open loop, timed from when a post was due; bridge (ingress and worker, SQLite) and bare Koa at the same time, each at that rate; ${temporal}\n`;
}

async function startBare(folder: string, closers: Closers): Promise<Target> {
  const bare = startChild(join(__dirname, 'bareServer.js'), { logFile: join(folder, 'bare.log') });
  closers.add(() => bare.stop());
  const { port } = (await bare.message()) as { port: number };
  return { origin: `http://127.0.0.1:${port}`, path: '/' };
}
