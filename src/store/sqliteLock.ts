import Libsql from 'libsql';
import { DomainError } from '../domain/errors';

/**
 * Takes the process lock of a SQLite store: an exclusive transaction on a file beside it, held by the operating
 * system, so that a `kill -9` leaves nothing of it. Returns the function that gives it back.
 * Throws DomainError `store_in_use` when another process holds it.
 */
export function lockSqlite(path: string): () => void {
  const lock = new Libsql(`${path}.lock`, { timeout: 0 });
  try {
    lock.exec('PRAGMA busy_timeout = 0');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new DomainError(
      'store_in_use',
      'never',
      `Another process uses the SQLite store ${path}. SQLite serves one process: stop the other one, or use MySQL (DATABASE_URL=mysql://...) for several.`,
      { cause },
    );
  }
  return () => lock.close();
}
