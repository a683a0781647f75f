import { spawn } from 'node:child_process';

export interface CommandOptions {
  env: NodeJS.ProcessEnv;
  /** The command is killed after this many milliseconds. */
  timeoutMs: number;
}

/** Runs a command and returns what it printed. Throws an Error that says in one line why it did not end well. */
export type RunCommand = (command: string, args: string[], options: CommandOptions) => Promise<string>;

export const runCommand: RunCommand = (command, args, { env, timeoutMs }) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let late = false;
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-10_000);
    };
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new Error(error.code === 'ENOENT' ? 'there is no such command' : error.message));
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(output);
      else
        reject(new Error(ending(late ? `no end after ${timeoutMs / 1000} s` : `ended with ${code ?? signal}`, output)));
    });
  });

/** The last line a command printed tells most. */
function ending(how: string, output: string): string {
  const last = output.trim().split('\n').at(-1)?.trim() ?? '';
  return last === '' ? how : `${how}: ${last.slice(0, 300)}`;
}
