import { readdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMedia, type MediaOptions } from '../../src/media/createMedia';
import type { KeptMedia, Media, MediaSource } from '../../src/media/media';
import { fresh, typed } from '../store/line';
import { startMediaSource, type MediaSourceServer } from './mediaSource';
import { openTestStore } from './store';
import type { TestStore } from './storeAt';

/** Everything around a media service: a store, a folder, a server of files that the operator vouches for. */
export interface MediaWorld {
  source: MediaSourceServer;
  ledger: TestStore;
  scope: { locationId: string };
  folder: string;
  /** What the operator vouches for. */
  allowed: MediaOptions['settings']['mediaAllowHosts'];
  media: Media;
  /** A service of its own on the same store, as in another process. */
  another(options?: WorldOptions): Media;
  /** Accepts a message and returns its id. */
  message(): Promise<string>;
  /** Takes an attachment of a new message. */
  take(source: MediaSource | string, by?: Media): Promise<KeptMedia>;
  /** The names in the folder. */
  files(folder?: string): Promise<string[]>;
  close(): Promise<void>;
}

export interface WorldOptions extends Partial<Omit<MediaOptions, 'settings' | 'store'>> {
  settings?: Partial<MediaOptions['settings']>;
}

/** A pause ends soon enough for a test; the whole is longer than any test, so that it hides no other limit. */
const LIMITS = { headMs: 1_000, idleMs: 1_000, totalMs: 120_000 };

export async function openMediaWorld(options: WorldOptions = {}): Promise<MediaWorld> {
  const home = await mkdtemp(join(tmpdir(), 'bridge-media-'));
  const folder = join(home, 'media');
  const source = await startMediaSource();
  const ledger = await openTestStore({ kind: 'sqlite' });
  const scope = { locationId: fresh('location') };
  const [host = '', port] = source.host.split(':');
  const settings = {
    publicUrl: 'https://bridge.example.com',
    mediaDir: folder,
    mediaTtlMs: 3_600_000,
    mediaMaxMb: 16,
    mediaDocumentMaxMb: 100,
    mediaFolderMaxMb: 2_000,
    mediaAllowHosts: [{ host, port: Number(port) }],
    messageRetentionDays: 30,
  };
  const another = (more: WorldOptions = {}): Media =>
    createMedia({
      ffmpeg: 'no-ffmpeg-here',
      ...options,
      ...more,
      limits: { ...LIMITS, ...options.limits, ...more.limits },
      settings: { ...settings, ...options.settings, ...more.settings },
      store: ledger.store.media,
    });
  const world: MediaWorld = {
    source,
    ledger,
    scope,
    folder,
    allowed: settings.mediaAllowHosts,
    media: another(),
    another,
    message: async () => (await ledger.store.messages.acceptOutbound(scope, typed())).messageId,
    take: async (from, by = world.media) => {
      const attachment = typeof from === 'string' ? { url: from } : from;
      return await by.take(scope, { messageId: await world.message(), n: 0 }, attachment, new AbortController().signal);
    },
    files: (where = folder) => readdir(where).catch(() => []),
    close: async () => {
      await source.close();
      await ledger.close();
      await rm(home, { recursive: true, force: true });
    },
  };
  return world;
}

/** Returns token and name of an address of ours, as the route reads them. */
export function partsOfAddress(address: string): [token: string, name: string] {
  const [token = '', name = ''] = new URL(address).pathname.split('/').slice(-2);
  return [token, decodeURIComponent(name)];
}
