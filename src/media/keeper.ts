import { stat } from 'node:fs/promises';
import { randomId } from '../crypto/secrets';
import { asDomainError, notFound } from '../domain/errors';
import type { Scope } from '../store/context';
import type { StoredMedia } from '../store/media';
import type { Store } from '../store/store';
import { makeFile, type MakeOptions } from './makeFile';
import type { MediaSource } from './media';

export interface KeeperOptions extends MakeOptions {
  store: Pick<Store['media'], 'find' | 'keep'>;
  /** Makes room for the largest file there may be, as far as possible. */
  makeRoom(): Promise<void>;
}

/** Sees to it that a file is noted in the store and lies in the folder. */
export interface Keeper {
  /** Keeps the file of an attachment, once. Throws a DomainError `media_*`, or not_found for the message. */
  keep(
    scope: Scope,
    ref: { messageId: string; n: number },
    source: MediaSource,
    signal: AbortSignal,
  ): Promise<StoredMedia>;
  /** Returns the path of a kept file, fetched through where this folder lacks it. Throws not_found, and what may pass. */
  pathOf(file: StoredMedia): Promise<string>;
}

/** Returns the keeper of a folder. */
export function createKeeper(options: KeeperOptions): Keeper {
  const { folder, store, makeRoom } = options;
  const fetching = new Map<string, Promise<void>>();

  /** Two may fetch the same attachment at once: the first note counts, the other one's file goes. */
  const keep: Keeper['keep'] = async (scope, ref, source, signal) => {
    const before = await store.find(scope, ref.messageId, ref.n);
    if (before !== null) return before;
    await makeRoom();
    const { path, ...facts } = await makeFile(source, options, signal);
    const mediaId = randomId('media');
    await folder.keep(path, mediaId);
    const drop = (): Promise<void> => folder.remove(folder.pathOf(mediaId));
    try {
      const kept = await store.keep(scope, { ...ref, ...facts, mediaId, source });
      if (kept.mediaId !== mediaId) await drop();
      return kept;
    } catch (error) {
      await drop();
      throw error;
    }
  };

  const fetchAgain = async (file: StoredMedia): Promise<void> => {
    await makeRoom();
    const { path, sha256 } = await makeFile(file.source, options, new AbortController().signal);
    if (sha256 === file.sha256) return await folder.keep(path, file.mediaId);
    await folder.remove(path);
    throw notFound('file');
  };

  const pathOf: Keeper['pathOf'] = async (file) => {
    const path = folder.pathOf(file.mediaId);
    const found = await stat(path).catch(() => null);
    if (found?.size === file.bytes) return path;
    const running = fetching.get(file.mediaId) ?? fetchAgain(file).finally(() => fetching.delete(file.mediaId));
    fetching.set(file.mediaId, running);
    await running.catch((thrown: unknown) => {
      const error = asDomainError(thrown);
      // A file that is not to be had any more is none, for whoever asks.
      throw error.retry === 'never' ? notFound('file') : error;
    });
    return path;
  };

  return { keep, pathOf };
}
