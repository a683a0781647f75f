import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { asMediaError, mediaError } from '../mediaError';
import { openSource, type SourceOptions } from './openSource';

export interface FetchOptions extends SourceOptions {
  /** Told of each piece before it is written, and of how many bytes there are with it; throws to refuse the file. */
  onPiece(piece: Buffer, bytes: number): void;
}

/**
 * Fetches an address into an open file, piece by piece: memory stays flat whatever comes. The size is counted; what the
 * server says of it is not relied on. Returns size and hash (hex). Throws a DomainError `media_*`; the file is then
 * worth nothing.
 */
export async function fetchBytes(
  address: string,
  file: FileHandle,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<{ bytes: number; sha256: string }> {
  const deadline = AbortSignal.timeout(options.limits.totalMs);
  try {
    return await fetchInto(address, file, options, AbortSignal.any([signal, deadline]));
  } catch (error) {
    if (signal.aborted) throw mediaError('media_interrupted');
    if (deadline.aborted) throw mediaError('media_timeout');
    throw asMediaError(error, 'media_incomplete');
  }
}

async function fetchInto(address: string, file: FileHandle, options: FetchOptions, signal: AbortSignal) {
  const answer = await openSource(address, options, signal);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const piece of answer.body as AsyncIterable<Buffer>) {
      bytes += piece.length;
      options.onPiece(piece, bytes);
      hash.update(piece);
      await file.write(piece);
    }
    answer.finish();
  } finally {
    answer.close();
  }
  if (bytes === 0) throw mediaError('media_empty');
  return { bytes, sha256: hash.digest('hex') };
}
