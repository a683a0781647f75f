import { execFile } from 'node:child_process';

/** Runs ffmpeg, where there is one. */
export interface Ffmpeg {
  /** Returns whether it can be run; looked for once. */
  present(): Promise<boolean>;
  /** Converts one file to another, over what is there. Returns whether that worked. */
  run(conversion: { from: string; to: string; input: string[]; output: string[] }): Promise<boolean>;
}

const LONGEST_MS = 40_000;
/** No console, no network: whatever a file refers to, nothing but files is opened. */
const SAFE = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'file', '-y', '-threads', '1'];
/** The same input gives the same bytes, and nothing of the camera or the place stays in them. */
const PLAIN = ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags', '+bitexact'];

/**
 * Returns ffmpeg by its command: a name that is looked for on PATH, or a path. What it writes ends soon after
 * `mostBytes`, and is then more than that: a file that was cut is known by its size.
 */
export function createFfmpeg(command: string, mostBytes: number): Ffmpeg {
  let present: Promise<boolean> | undefined;
  return {
    present: () => (present ??= succeeds(command, ['-version'])),
    run: ({ from, to, input, output }) =>
      succeeds(command, [
        ...SAFE,
        ...input,
        '-i',
        `file:${from}`,
        ...PLAIN,
        ...output,
        '-fs',
        String(mostBytes + 1),
        `file:${to}`,
      ]),
  };
}

/** Nothing of our environment is handed on: it holds the keys. */
function succeeds(command: string, args: string[]): Promise<boolean> {
  const options = { timeout: LONGEST_MS, killSignal: 'SIGKILL', env: { PATH: process.env.PATH } } as const;
  return new Promise((resolve) => {
    execFile(command, args, options, (error) => resolve(error === null));
  });
}
