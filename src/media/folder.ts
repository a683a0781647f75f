import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { mediaError } from './mediaError';

/** A file that is being made; nobody knows it yet. */
export interface PartFile {
  path: string;
  handle: FileHandle;
}

/** A file in the folder. */
export interface FolderEntry {
  name: string;
  /** True: it was being made when it was last written. */
  isPart: boolean;
  bytes: number;
  /** Epoch milliseconds, by the file system. */
  writtenAt: number;
}

export interface MediaFolder {
  /** Opens a new empty file under a random name. */
  create(): Promise<PartFile>;
  /** Gives a finished file the name of its media id, at once or not at all. */
  keep(path: string, mediaId: string): Promise<void>;
  pathOf(mediaId: string): string;
  /** Removes a file, if it is there, and counts it off. */
  remove(path: string): Promise<void>;
  /** Counts bytes that are about to be written. Throws `media_folder_full`. */
  grow(bytes: number): void;
  /** Returns whether so many more bytes fit, as far as is known. */
  fits(bytes: number): boolean;
  /** Lists the files, the oldest first, and counts their bytes anew: other processes may share the folder. */
  list(): Promise<FolderEntry[]>;
}

const PART = '.part-';
/** Of whoever runs the bridge alone: the files are private. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** Returns the folder of media files, made when it is first needed. `path` may be relative to the working directory. */
export function createFolder(path: string, capBytes: number): MediaFolder {
  const folder = resolve(path);
  let used = 0;
  return {
    async create() {
      await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
      const part = join(folder, `${PART}${randomUUID()}`);
      return { path: part, handle: await open(part, 'wx', FILE_MODE) };
    },
    keep: (part, mediaId) => rename(part, join(folder, mediaId)),
    pathOf: (mediaId) => join(folder, mediaId),
    async remove(file) {
      const bytes = (await stat(file).catch(() => null))?.size ?? 0;
      await rm(file, { force: true });
      used = Math.max(0, used - bytes);
    },
    grow(bytes) {
      if (used + bytes > capBytes) throw mediaError('media_folder_full');
      used += bytes;
    },
    fits: (bytes) => used + bytes <= capBytes,
    async list() {
      const names = await readdir(folder).catch(() => []);
      const entries = (await Promise.all(names.map((name) => entryOf(folder, name)))).filter((entry) => entry !== null);
      used = entries.reduce((sum, { bytes }) => sum + bytes, 0);
      return entries.sort((one, other) => one.writtenAt - other.writtenAt);
    },
  };
}

/** Null: gone since it was listed, or no file. */
async function entryOf(folder: string, name: string): Promise<FolderEntry | null> {
  const found = await stat(join(folder, name)).catch(() => null);
  if (found === null || !found.isFile()) return null;
  return { name, isPart: name.startsWith(PART), bytes: found.size, writtenAt: found.mtimeMs };
}
