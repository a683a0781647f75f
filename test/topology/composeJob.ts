import { mkdir, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runCommand } from '../../src/sandbox/machine/runCommand';
import { serviceOf, type ComposeFile } from './composeFile';

const JOB_MS = 120_000;

/** Where a job finds on this machine what its image brings. */
export interface JobPlaces {
  /** A folder with the programs by the names that they have in the image. */
  bin: string;
  /** The folder that is `/etc/temporal/schema` in the image. */
  schemaDir: string;
}

/** Makes a folder in which programs have the names of the image; `programs` maps name to file. */
export async function binFolder(folder: string, programs: Record<string, string>): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const [name, file] of Object.entries(programs)) await symlink(file, join(bin, name));
  return bin;
}

/**
 * Runs a service of compose that does its work once, with its own entrypoint and command. Returns what it printed;
 * throws with the last of that when it ends with anything but 0.
 */
export async function runJob(
  compose: ComposeFile,
  name: string,
  env: Record<string, string>,
  { bin, schemaDir }: JobPlaces,
): Promise<string> {
  const { entrypoint = [], command = [] } = serviceOf(compose, name);
  const [program = '', ...args] = [...entrypoint, ...command].map((word) =>
    word.replaceAll('/etc/temporal/schema', schemaDir),
  );
  const path = [bin, process.env['PATH']].join(delimiter);
  return await runCommand(program, args, { env: { HOME: process.env['HOME'], ...env, PATH: path }, timeoutMs: JOB_MS });
}
