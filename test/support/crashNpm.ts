import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually, type AdminClient } from './adminClient';
import type { World } from './world';

const REPOSITORY = join(__dirname, '../..');
const READY_MS = 90_000;

/** `npm start` of the repository, as a service manager runs it. */
export interface NpmStart {
  admin: AdminClient;
  /** The pid of npm itself; node's is another. */
  npmPid: number;
  /** The pid that the bridge writes into its log. */
  nodePid: number;
  /** SIGTERM to npm alone; resolves with npm's exit code. */
  terminate(): Promise<number | null>;
}

/** Runs `npm start` in a world and waits until the bridge is ready. Both processes end with the world. */
export async function npmStart(world: World): Promise<NpmStart> {
  const env = { ...(await world.env()), MEDIA_DIR: join(world.folder, 'media') };
  const npm = spawn('npm', ['start'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: REPOSITORY,
  });
  const written: string[] = [];
  for (const output of [npm.stdout, npm.stderr]) output.on('data', (data: Buffer) => written.push(data.toString()));
  let nodePid = 0;
  world.temporal.onEnd(async () => {
    for (const pid of [npm.pid!, nodePid]) if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  const admin = world.admin(`http://127.0.0.1:${(env as Record<string, string>)['ADMIN_PORT']!}`);
  await eventually(async () => {
    const { status } = await admin.call('GET', '/readyz');
    if (status !== 200) throw new Error(`not ready: ${status}\n${written.join('')}`);
  }, READY_MS);
  nodePid = Number(/"pid":(\d+)/.exec(written.join(''))![1]);
  return {
    admin,
    npmPid: npm.pid!,
    nodePid,
    terminate: async () => {
      const ended = once(npm, 'exit');
      npm.kill('SIGTERM');
      await ended;
      return npm.exitCode;
    },
  };
}

/** Returns whether a process of this machine lives (a zombie counts as dead once its parent has waited for it). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
