import { open } from 'node:fs/promises';
import { capOf, type Download, type DownloadOptions } from '../fetch/download';
import { fetchBytes } from '../fetch/fetchBytes';
import type { MediaFolder, PartFile } from '../folder';
import { mediaError } from '../mediaError';
import { HEAD_BYTES, sniff } from '../type/sniff';
import { decryptFile, type FileKeys } from './decryptFile';

/** The padding of the last block and the HMAC behind it. */
const ENCRYPTED_MORE = 26;
/** Nobody waits for a file that arrived (its message goes ahead), so a slow one has longer than one that is to be sent. */
const LONGEST_MS = 300_000;

export interface EncryptedOptions extends DownloadOptions {
  folder: MediaFolder;
}

/**
 * Fetches the encrypted file at an address and decrypts it into `to`; what was fetched does not stay. Returns what
 * `download` returns, and throws that and `media_unreadable`.
 */
export async function fetchEncrypted(
  address: string,
  keys: FileKeys,
  ending: string,
  to: PartFile,
  options: EncryptedOptions,
  signal: AbortSignal,
): Promise<Download> {
  const { folder } = options;
  const fetched = await folder.create();
  try {
    await fetchInto(address, keys, fetched, options, signal);
    const plain = await decryptFile(keys, fetched.path, to.path);
    options.onBytes(plain.bytes);
    if (plain.bytes === 0) throw mediaError('media_empty');
    const type = sniff(await headOf(to.path), ending);
    if (type === 'refused') throw mediaError('media_type_refused');
    if (plain.bytes > capOf(type, options)) throw mediaError('media_too_large');
    return { type, ...plain };
  } finally {
    await folder.remove(fetched.path);
  }
}

async function fetchInto(
  address: string,
  { kind }: FileKeys,
  { handle }: PartFile,
  options: EncryptedOptions,
  signal: AbortSignal,
): Promise<void> {
  const shown = kind === 'sticker' ? 'image' : kind === 'voice' ? 'audio' : kind;
  const most = options.capOf(shown) + ENCRYPTED_MORE;
  const onPiece = (piece: Buffer, bytes: number): void => {
    if (bytes > most) throw mediaError('media_too_large');
    options.onBytes(piece.length);
  };
  const limits = { ...options.limits, totalMs: Math.max(options.limits.totalMs, LONGEST_MS) };
  await fetchBytes(address, handle, { ...options, limits, onPiece }, signal).finally(() => handle.close());
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
