import { join } from 'node:path';
import type { Closers } from '../../quickstart/stage/closers';
import { startChild } from '../childProcess';
import type { Target } from './openLoop';

/** Starts the bare Koa route, see bareServer.ts; `closers` end it. */
export async function startBareServer(folder: string, closers: Closers): Promise<Target> {
  const bare = startChild(join(__dirname, 'bareServer.js'), { logFile: join(folder, 'bare.log') });
  closers.add(() => bare.stop());
  const port = (await bare.message()) as number;
  const cpuSeconds = async (): Promise<number> => (await bare.ask()) as number;
  return { origin: `http://127.0.0.1:${port}`, path: '/', cpuSeconds };
}

export interface CommitProbe {
  /** Returns what single commits took since the last call, milliseconds. */
  durations(): Promise<number[]>;
}

/** Starts the measurement of single commits, see commitProbe.ts; `closers` end it. */
export function startCommitProbe(folder: string, closers: Closers): CommitProbe {
  const args = [join(folder, 'commits.sqlite')];
  const probe = startChild(join(__dirname, 'commitProbe.js'), { args, logFile: join(folder, 'commits.log') });
  closers.add(() => probe.stop());
  return { durations: async () => (await probe.ask()) as number[] };
}
