import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'sandbox.key';

/**
 * Returns the sandbox's key ring as the text of ENCRYPTION_KEYS: a random key, made at the first call and kept in
 * `dir`/sandbox.key, so that a store written yesterday can be read today. Throws the file system's error.
 */
export function sandboxKey(dir: string): string {
  const path = join(dir, FILE);
  return readKey(path) ?? makeKey(dir, path);
}

function readKey(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written aside and linked into place: of two processes that start at once one wins, and none reads half a key. */
function makeKey(dir: string, path: string): string {
  mkdirSync(dir, { recursive: true });
  const aside = `${path}.${randomBytes(8).toString('hex')}`;
  writeFileSync(aside, `sandbox:${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  return readFileSync(path, 'utf8').trim();
}
