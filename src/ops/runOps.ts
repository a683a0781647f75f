import { CommanderError, type Command } from 'commander';
import { openAdmin, type LocalAdmin } from './openAdmin';
import { EXIT, OpsError } from './opsError';
import { createProgram, type Run } from './program';
import type { Session } from './session';

/** What surrounds the command line; tests bring their own. */
export interface OpsSurroundings {
  env: NodeJS.ProcessEnv;
  /** Writes to the standard output and to the standard error. */
  out(text: string): void;
  err(text: string): void;
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Asks the person in front of the terminal. Throws OpsError where there is none. */
  ask(question: string): Promise<string>;
  /** Opens the store itself, for when no bridge runs. */
  openLocal(): Promise<LocalAdmin>;
}

/** Runs one `ops` command line (without node and script name). Returns the exit code; never throws. */
export async function runOps(args: readonly string[], surroundings: OpsSurroundings): Promise<number> {
  const program = quiet(createProgram(runWith(surroundings)), surroundings);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
    surroundings.err(`${error instanceof OpsError ? error.message : `Something went wrong (${String(error)}).`}\n`);
    return error instanceof OpsError ? error.exitCode : EXIT.failed;
  }
}

function runWith({ env, out, ask, now, sleep, openLocal }: OpsSurroundings): Run {
  return async (work, json) => {
    const { admin, close } = await openAdmin(env, openLocal);
    const session: Session = { admin, print: (text) => out(`${text}\n`), json, ask, now, sleep };
    try {
      await work(session);
    } finally {
      await close();
    }
  };
}

/** Makes a program and all below it throw instead of ending the process, and write to where it is told. */
function quiet(command: Command, surroundings: OpsSurroundings): Command {
  command.exitOverride().configureOutput({ writeOut: surroundings.out, writeErr: surroundings.err });
  for (const inner of command.commands) quiet(inner, surroundings);
  return command;
}
