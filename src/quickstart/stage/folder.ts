import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomainError } from '../../domain/errors';
import { lockSqlite } from '../../store/sqliteLock';

export interface Folder {
  path: string;
  /** Lets the next run have it; what is in it stays to be looked at. */
  release(): void;
}

const MOST = 50;

/**
 * Returns an empty folder that nobody else uses: `wanted`, else `wanted-2` and so on. What an earlier run left in it is
 * removed. The claim is a lock of the operating system on a file beside it, so a run that was killed holds nothing.
 * Throws DomainError `folder_unusable`, or the file system's error.
 */
export async function claimFolder(wanted: string): Promise<Folder> {
  await mkdir(dirname(wanted), { recursive: true });
  for (let n = 1; n <= MOST; n++) {
    const path = n === 1 ? wanted : `${wanted}-${n}`;
    const release = tryLock(path);
    if (release === null) continue;
    await rm(path, { recursive: true, force: true });
    await mkdir(path);
    return { path, release };
  }
  throw new DomainError(
    'folder_unusable',
    'never',
    `No folder ${wanted}, ${wanted}-2, ... can be used: make ${dirname(wanted)} writable, or end some of its users.`,
  );
}

function tryLock(path: string): (() => void) | null {
  try {
    return lockSqlite(path);
  } catch {
    return null;
  }
}
