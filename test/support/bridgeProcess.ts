import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually, type AdminClient } from './adminClient';
import type { World } from './world';

/** A start takes a few seconds, and many times as long beside other processes that start. */
const READY_MS = 90_000;
const MAIN = join(__dirname, '../../dist/src/main.js');

/** A bridge in a process of its own, for tests that kill, freeze or stop it. */
export interface BridgeProcess {
  admin: AdminClient;
  pid: number;
  /** Everything it wrote. */
  output(): string;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** SIGTERM; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts a bridge process of a world and waits until it is ready (not degraded, unless told). */
export async function startProcess(
  world: World,
  options: {
    role?: 'all' | 'ingress' | 'worker';
    env?: Record<string, string>;
    degradedIsFine?: boolean;
    /** Its working directory; the world's folder unless told. */
    cwd?: string;
  } = {},
): Promise<BridgeProcess> {
  const env = await world.env(options.env);
  const child = spawn(process.execPath, [MAIN, options.role ?? 'all'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: options.cwd ?? world.folder,
  });
  const written: string[] = [];
  child.stdout.on('data', (data: Buffer) => written.push(data.toString()));
  child.stderr.on('data', (data: Buffer) => written.push(data.toString()));
  const adminUrl = `http://127.0.0.1:${env.ADMIN_PORT}`;
  const signal = async (name: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'exit');
    child.kill(name);
    if (name !== 'SIGKILL') child.kill('SIGCONT');
    await ended;
    return child.exitCode;
  };
  world.temporal.onEnd(() => signal('SIGKILL'));
  await untilReady(child, adminUrl, options.degradedIsFine === true, () => written.join(''));
  return {
    admin: world.admin(adminUrl),
    pid: child.pid!,
    output: () => written.join(''),
    kill: async () => {
      await signal('SIGKILL');
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    stop: () => signal('SIGTERM'),
  };
}

async function untilReady(
  child: ChildProcess,
  adminUrl: string,
  degradedIsFine: boolean,
  output: () => string,
): Promise<void> {
  await eventually(async () => {
    if (child.exitCode !== null) return;
    const response = await fetch(`${adminUrl}/readyz`);
    const answer = (await response.json()) as { degraded?: string[] };
    const degraded = (answer.degraded ?? []).length > 0 && !degradedIsFine;
    if (!response.ok || degraded) throw new Error(`not ready: ${JSON.stringify(answer)}\n${output()}`);
  }, READY_MS);
  if (child.exitCode !== null) throw new Error(`The bridge ended with ${child.exitCode}:\n${output()}`);
}
