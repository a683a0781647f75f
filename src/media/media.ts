import type { Readable } from 'node:stream';
import type { MediaKind } from '../domain/parts';
import type { Scope } from '../store/context';
import type { FileKeys } from './encrypted/decryptFile';

/** The most attachments of one message; whoever prepares a message refuses more. */
export const MEDIA_MAX_COUNT = 30;

/** An attachment as a message names it, or a file that arrived. */
export interface MediaSource {
  url: string;
  name?: string;
  /** What opens it: what lies at the address is encrypted, and the file is for people in GHL. */
  keys?: FileKeys;
}

/** What is kept of a fetched file. */
export interface KeptMedia {
  mediaId: string;
  kind: MediaKind;
  /** Clean, and ending as the type does. */
  name: string;
  /** The media type that its bytes show, as `image/jpeg`. */
  type: string;
  bytes: number;
  /** Of the kept bytes, in hex. */
  sha256: string;
}

/** A kept file that lies in this process's folder. */
export interface OpenedMedia extends KeptMedia {
  /** Returns the bytes from `start` to `end`, both included; all of them unless told. */
  read(range?: { start: number; end: number }): Readable;
}

/** Files of messages: fetched from outside, kept for a while, offered at addresses of ours. */
export interface Media {
  /**
   * Fetches, checks, converts and keeps one attachment; the same (message, n) again returns what is kept already.
   * Throws a DomainError `media_*`: retry never (address, type, size, gone) or later (timeouts, 5xx, folder full).
   */
  take(
    scope: Scope,
    ref: { messageId: string; n: number },
    source: MediaSource,
    signal: AbortSignal,
  ): Promise<KeptMedia>;
  /** Returns a signed address of a kept file under PUBLIC_URL; it is good for MEDIA_TTL_MS from now. */
  addressOf(scope: Scope, mediaId: string, name: string): string;
  /**
   * Returns a signed address that is good for MESSAGE_RETENTION_DAYS from now, and keeps the file for so long: GHL
   * stores the address alone.
   */
  lastingAddressOf(scope: Scope, mediaId: string, name: string): Promise<string>;
  /**
   * Returns the kept file of a message, fetched again where this folder lacks it. Throws not_found: it is not to be had
   * any more, and `media_*` (later): not now, or not within `waitMs`; the fetch goes on behind that.
   */
  openKept(scope: Scope, ref: { messageId: string; n: number }, waitMs: number): Promise<OpenedMedia>;
  /**
   * Returns the file of an address. Throws not_found: expired, changed, erased, or not to be had any more, and `media_*`
   * (later, 503) while its source does not give it.
   */
  open(token: string, name: string): Promise<OpenedMedia>;
  /** Takes files out of this process's folder at once, after their notes in the store were erased. */
  forget(mediaIds: readonly string[]): Promise<void>;
  /** Forgets the files of messages that ended over MEDIA_TTL_MS ago, and takes what nobody knows out of the folder. */
  tidy(): Promise<void>;
}
