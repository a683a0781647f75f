import { createReadStream } from 'node:fs';
import { notFound } from '../domain/errors';
import type { MediaKind } from '../domain/parts';
import type { StoredMedia } from '../store/media';
import type { Store } from '../store/store';
import { readToken, signFile } from './address';
import { createConvert } from './convert/convert';
import { createFfmpeg } from './convert/ffmpeg';
import { createPictures } from './convert/pictures';
import type { FetchLimits } from './fetch/ask';
import { systemResolver, type Resolver } from './fetch/checkedLookup';
import type { AllowedHost } from './fetch/target';
import { createFolder } from './folder';
import { createKeeper } from './keeper';
import type { KeptMedia, Media, OpenedMedia } from './media';
import { mediaError } from './mediaError';
import { clearFolder } from './tidy';

export interface MediaOptions {
  /** By the names of the settings; see docs/settings.md. */
  settings: {
    publicUrl: string;
    mediaDir: string;
    mediaTtlMs: number;
    mediaMaxMb: number;
    mediaDocumentMaxMb: number;
    mediaFolderMaxMb: number;
    mediaAllowHosts: readonly AllowedHost[];
    messageRetentionDays: number;
  };
  store: Store['media'];
  /** The system's unless a test plays one. */
  resolve?: Resolver;
  limits?: Partial<FetchLimits>;
  /** Looked for on PATH unless told. */
  ffmpeg?: string;
}

const MB = 1024 * 1024;
const DAY_MS = 86_400_000;
const LIMITS: FetchLimits = { headMs: 15_000, idleMs: 15_000, totalMs: 60_000 };
/** Files are expired in batches; a round of the tidying takes so many at most. */
const MOST_BATCHES = 20;

/** Returns the media service over a folder and the store. Opens nothing before it is used. */
export function createMedia({ settings, store, ...options }: MediaOptions): Media {
  const key = store.addressKey();
  const folder = createFolder(settings.mediaDir, settings.mediaFolderMaxMb * MB);
  const largest = Math.max(settings.mediaMaxMb, settings.mediaDocumentMaxMb) * MB;
  const capOf = (kind: MediaKind): number =>
    (kind === 'document' ? settings.mediaDocumentMaxMb : settings.mediaMaxMb) * MB;
  const keeper = createKeeper({
    folder,
    store,
    convert: createConvert({
      pictures: createPictures(),
      ffmpeg: createFfmpeg(options.ffmpeg ?? 'ffmpeg', settings.mediaMaxMb * MB),
    }),
    fetch: {
      allowed: settings.mediaAllowHosts,
      resolve: options.resolve ?? systemResolver,
      limits: { ...LIMITS, ...options.limits },
      capOf,
    },
    makeRoom: async () => {
      if (!folder.fits(largest)) await clearFolder(folder, store, largest);
    },
  });
  const addressUntil = (mediaId: string, name: string, expiresAt: number): string =>
    `${settings.publicUrl}/media/${signFile(key, { mediaId, name, expiresAt })}/${encodeURIComponent(name)}`;
  const opened = async (file: StoredMedia | null): Promise<OpenedMedia> => {
    if (file === null) throw notFound('file');
    const path = await keeper.pathOf(file);
    return { ...keptMedia(file), read: (range) => createReadStream(path, range) };
  };
  return {
    take: async (scope, ref, source, signal) => keptMedia(await keeper.keep(scope, ref, source, signal)),
    addressOf: (_scope, mediaId, name) => addressUntil(mediaId, name, Date.now() + settings.mediaTtlMs),
    lastingAddressOf: async (scope, mediaId, name) => {
      const lifeMs = settings.messageRetentionDays * DAY_MS;
      await store.keepLonger(scope, mediaId, lifeMs);
      return addressUntil(mediaId, name, Date.now() + lifeMs);
    },
    openKept: async (scope, { messageId, n }, waitMs) =>
      await within(waitMs, opened(await store.find(scope, messageId, n))),
    open: async (token, name) => {
      const mediaId = readToken(key, token, name, Date.now());
      return await opened(mediaId === null ? null : await store.findSigned(mediaId));
    },
    forget: async (mediaIds) => {
      for (const mediaId of mediaIds) await folder.remove(folder.pathOf(mediaId));
    },
    tidy: async () => {
      let batches = 0;
      while (batches < MOST_BATCHES && (await store.expire(settings.mediaTtlMs)) > 0) batches += 1;
      await clearFolder(folder, store, 0);
    },
  };
}

/** What of a stored file its users may know: not where it came from. */
function keptMedia({ mediaId, kind, name, type, bytes, sha256 }: StoredMedia): KeptMedia {
  return { mediaId, kind, name, type, bytes, sha256 };
}

/** Returns what `work` brings within so many milliseconds. Throws `media_timeout` otherwise; the work goes on. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(mediaError('media_timeout')), ms);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
