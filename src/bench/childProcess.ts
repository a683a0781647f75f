import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { endWithParent } from '../sandbox/machine/endWithParent';

export interface ChildOptions {
  /** What it prints goes there; a pipe would have us read it while we measure. */
  logFile: string;
  args?: string[];
  cwd?: string;
  /** The child's own variables; of the shell's it gets PATH and HOME alone. */
  env?: Record<string, string>;
}

/** A node process of ours that ends with us, however that happens. */
export interface Child {
  /** Resolves with the next message that it sends. Rejects when it ends before that, and names its log. */
  message(): Promise<unknown>;
  /** Sends it a question (of what, it knows) and resolves with its answer. */
  ask(): Promise<unknown>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts a compiled file in a process of its own. */
export function startChild(file: string, { logFile, args = [], cwd, env }: ChildOptions): Child {
  const { PATH, HOME } = process.env;
  const log = openSync(logFile, 'a');
  const child = fork(file, args, { cwd, env: { PATH, HOME, ...env }, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const callOff = endWithParent(child.pid ?? 0);
  const ended = once(child, 'exit').then(callOff);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  const message = async (): Promise<unknown> => {
    const dead = ended.then(() => Promise.reject(new Error(`${file} ended; its last words are in ${logFile}`)));
    const [received] = (await Promise.race([once(child, 'message'), dead])) as unknown[];
    return received;
  };
  return {
    message,
    ask: () => {
      child.send('?');
      return message();
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
