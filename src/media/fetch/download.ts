import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { MediaKind } from '../../domain/parts';
import { asMediaError, mediaError } from '../mediaError';
import { HEAD_BYTES, sniff, type Sniffed } from '../type/sniff';
import { openSource, type SourceOptions } from './openSource';

export interface DownloadOptions extends SourceOptions {
  /** The most bytes of a file of a kind. */
  capOf(kind: MediaKind): number;
  /** Told of bytes before they are written; throws when there is no room for them. */
  onBytes(count: number): void;
}

export interface Download {
  type: Exclude<Sniffed, 'refused'>;
  bytes: number;
  /** In hex. */
  sha256: string;
}

/**
 * Fetches an address into an open file, piece by piece: memory stays flat whatever comes. `ending` is that of the
 * claimed name. The size is counted and the type is read off the first bytes; what the server says of either is not
 * relied on. Throws a DomainError `media_*`; the file is then worth nothing.
 */
export async function download(
  address: string,
  ending: string,
  file: FileHandle,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<Download> {
  const deadline = AbortSignal.timeout(options.limits.totalMs);
  try {
    return await fetchInto(address, ending, file, options, AbortSignal.any([signal, deadline]));
  } catch (error) {
    if (signal.aborted) throw mediaError('media_interrupted');
    if (deadline.aborted) throw mediaError('media_timeout');
    throw asMediaError(error, 'media_incomplete');
  }
}

async function fetchInto(
  address: string,
  ending: string,
  file: FileHandle,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<Download> {
  const answer = await openSource(address, options, signal);
  const hash = createHash('sha256');
  const head = headOf(ending);
  let bytes = 0;
  try {
    for await (const piece of answer.body as AsyncIterable<Buffer>) {
      bytes += piece.length;
      head.add(piece);
      if (bytes > capOf(head.type(), options)) throw mediaError('media_too_large');
      options.onBytes(piece.length);
      hash.update(piece);
      await file.write(piece);
    }
    answer.finish();
  } finally {
    answer.close();
  }
  if (bytes === 0) throw mediaError('media_empty');
  const type = head.whole();
  if (type === 'refused') throw mediaError('media_type_refused');
  if (bytes > capOf(type, options)) throw mediaError('media_too_large');
  return { type, bytes, sha256: hash.digest('hex') };
}

/** Until the type is known it is any; a text is a document. Throws `media_type_refused`. */
function capOf(type: Sniffed | null, options: DownloadOptions): number {
  if (type === 'refused') throw mediaError('media_type_refused');
  return options.capOf(type === null || type === 'maybe_text' ? 'document' : type.kind);
}

/** Gathers the first bytes of a file until there are enough to tell its type. */
function headOf(ending: string): { add(piece: Buffer): void; type(): Sniffed | null; whole(): Sniffed } {
  let head = Buffer.alloc(0);
  let type: Sniffed | null = null;
  const whole = (): Sniffed => (type ??= sniff(head, ending));
  return {
    add(piece) {
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, piece.subarray(0, HEAD_BYTES - head.length)]);
    },
    type: () => (head.length < HEAD_BYTES ? null : whole()),
    whole,
  };
}
