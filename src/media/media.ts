import type { Readable } from 'node:stream';
import type { MediaKind } from '../domain/parts';
import type { Scope } from '../store/context';

/** The most attachments of one message; whoever prepares a message refuses more. */
export const MEDIA_MAX_COUNT = 30;

/** An attachment as a message names it. */
export interface MediaSource {
  url: string;
  name?: string;
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
  /** Returns the file of an address. Throws not_found: expired, changed, erased, or not to be had any more. */
  open(token: string, name: string): Promise<OpenedMedia>;
  /** Takes files out of this process's folder at once, after their notes in the store were erased. */
  forget(mediaIds: readonly string[]): Promise<void>;
  /** Forgets the files of messages that ended over MEDIA_TTL_MS ago, and takes what nobody knows out of the folder. */
  tidy(): Promise<void>;
}
