import type { FileHandle } from 'node:fs/promises';
import type { MediaKind } from '../../domain/parts';
import { mediaError } from '../mediaError';
import { HEAD_BYTES, sniff, type Sniffed } from '../type/sniff';
import { fetchBytes } from './fetchBytes';
import type { SourceOptions } from './openSource';

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
 * Fetches an address into an open file. `ending` is that of the claimed name. The type is read off the first bytes;
 * what the server says of it is not relied on. Throws a DomainError `media_*`; the file is then worth nothing.
 */
export async function download(
  address: string,
  ending: string,
  file: FileHandle,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<Download> {
  const head = headOf(ending);
  const onPiece = (piece: Buffer, bytes: number): void => {
    head.add(piece);
    if (bytes > capOf(head.type(), options)) throw mediaError('media_too_large');
    options.onBytes(piece.length);
  };
  const fetched = await fetchBytes(address, file, { ...options, onPiece }, signal);
  const type = head.whole();
  if (type === 'refused') throw mediaError('media_type_refused');
  if (fetched.bytes > capOf(type, options)) throw mediaError('media_too_large');
  return { type, ...fetched };
}

/** Until the type is known it is any; a text is a document. Throws `media_type_refused`. */
export function capOf(type: Sniffed | null, options: Pick<DownloadOptions, 'capOf'>): number {
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
