import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { endWithParent } from '../machine/endWithParent';

const STOP_MS = 10_000;
const KEPT_LINES = 50;

export interface DevProcessOptions {
  cliPath: string;
  port: number;
  uiPort: number;
  namespace: string;
  dbFile?: string | undefined;
  onLine?: ((line: string) => void) | undefined;
}

export interface DevServerProcess {
  pid: number;
  hasEnded(): boolean;
  /** The last lines it printed. */
  tail(): string;
  /** SIGTERM, after 10 s SIGKILL; resolves when it is gone. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Runs `temporal server start-dev`. Ctrl-C in the terminal does not reach it, so that we can stop before it does. */
export function launchDevServer(options: DevProcessOptions): DevServerProcess {
  const child = spawn(options.cliPath, devServerArgs(options), {
    env: withoutTemporalSettings(process.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const lines: string[] = [];
  const keep = (line: string): void => {
    if (lines.push(line) > KEPT_LINES) lines.shift();
    options.onLine?.(line);
  };
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', keep);
    if (output instanceof Socket) output.unref();
  }
  child.unref();
  child.once('error', (error) => keep(error.message));
  const callOff = child.pid === undefined ? (): void => undefined : endWithParent(child.pid);
  const hasEnded = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  child.once('exit', callOff);

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (hasEnded()) return;
    child.ref();
    const ended = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  };
  return {
    pid: child.pid ?? 0,
    hasEnded,
    tail: () => lines.join('\n'),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function devServerArgs({ port, uiPort, namespace, dbFile }: DevProcessOptions): string[] {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', `${port}`, '--ui-port', `${uiPort}`];
  args.push('--namespace', namespace, '--log-level', 'warn', '--color', 'never');
  return dbFile === undefined ? args : [...args, '--db-filename', dbFile];
}

function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}
