import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { EXIT, OpsError } from '../opsError';
import type { Session } from '../session';
import { pathOfSubject, subjectsOf, type SubjectOptions } from '../subject';

export interface ExportOptions extends SubjectOptions {
  /** File to write to; the standard output unless given. */
  out?: string;
}

/** Readable by its owner alone. */
const MODE = 0o600;

/** Writes everything that is held of a location or a contact as JSON lines, to a file that was not there before. */
export async function exportData(session: Session, { out, ...options }: ExportOptions): Promise<void> {
  const subjects = await subjectsOf(session, options);
  const sink = out === undefined ? null : openNew(out);
  const write = (line: string): void => (sink === null ? session.print(line) : void writeSync(sink, `${line}\n`));
  let lines = 0;
  try {
    for (const subject of subjects) lines += await copy(session, `${pathOfSubject(subject)}/export`, write);
  } catch (error) {
    // Half an export looks like a whole one to whoever gets it.
    if (out !== undefined) rmSync(out, { force: true });
    throw error;
  } finally {
    if (sink !== null) closeSync(sink);
  }
  if (out !== undefined)
    session.print(`${lines} lines are in ${out}. They are in clear: hand them over safely, then delete them.`);
}

/** Returns how many lines were copied. Throws OpsError where the last one, which says that it was all, is missing. */
async function copy({ admin }: Session, path: string, write: (line: string) => void): Promise<number> {
  let [count, last] = [0, ''];
  for await (const line of admin.lines(path)) {
    write(line);
    [count, last] = [count + 1, line];
  }
  if (!last.startsWith('{"kind":"end"')) throw new OpsError('The export was cut off. Run it again.');
  return count;
}

function openNew(path: string): number {
  try {
    return openSync(path, 'wx', MODE);
  } catch (error) {
    const { code = 'unwritable' } = error as NodeJS.ErrnoException;
    throw new OpsError(`The file can not be made (${code}): name one that is not there yet.`, EXIT.usage);
  }
}
