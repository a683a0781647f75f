import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endWithParent } from '../../src/sandbox/machine/endWithParent';

/** A process in the place of a container; it does not outlive the test's own, however that ends. */
export interface ServiceProcess {
  pid: number;
  /** Resolves when it is gone, with its exit code; null after a signal that it could not catch. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  ended(): boolean;
  /** What it wrote last. */
  output(): string;
}

export interface ServiceStart {
  words: readonly string[];
  env: Record<string, string>;
  cwd: string;
}

const KEPT_OUTPUT = 5_000;

/** Starts a process with this environment and nothing of ours but PATH and HOME. */
export function startService({ words: [program = '', ...args], env, cwd }: ServiceStart): ServiceProcess {
  const { PATH, HOME } = process.env;
  const child = spawn(program, args, { env: { PATH, HOME, ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-KEPT_OUTPUT)));
  }
  const callOffGuard = endWithParent(child.pid ?? 0);
  const exited = once(child, 'exit');
  return {
    pid: child.pid!,
    end: async (signal) => {
      callOffGuard();
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await exited;
      }
      return child.exitCode;
    },
    ended: () => child.exitCode !== null || child.signalCode !== null,
    output: () => output,
  };
}
