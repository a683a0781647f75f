import { createDecipheriv, createHash, createHmac, timingSafeEqual, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileReference } from '../../domain/content';
import { mediaError } from '../mediaError';
import { mediaKeysOf, type MediaKeys } from './mediaKeys';

/** What of a reference opens its file. */
export type FileKeys = Pick<FileReference, 'kind' | 'mediaKey' | 'sha256' | 'encSha256'>;

/** WhatsApp media scheme: so many first bytes of the HMAC stand behind the encrypted bytes. */
const MAC_BYTES = 10;
const BLOCK_BYTES = 16;

/**
 * Decrypts the file at `from` into the empty one at `to`, piece by piece. Nothing is decrypted before the whole of it
 * is proven genuine. Returns size and hash (hex) of what was decrypted. Throws `media_unreadable`: it was changed, cut,
 * or belongs to another key; what is at `to` is then worth nothing.
 */
export async function decryptFile(
  keys: FileKeys,
  from: string,
  to: string,
): Promise<{ bytes: number; sha256: string }> {
  const media = mediaKeysOf(keys);
  const cipherBytes = (await stat(from)).size - MAC_BYTES;
  if (cipherBytes < BLOCK_BYTES || cipherBytes % BLOCK_BYTES !== 0) throw mediaError('media_unreadable');
  await requireGenuine(keys, media, from, cipherBytes);
  const hash = createHash('sha256');
  const decipher = createDecipheriv('aes-256-cbc', media.cipherKey, media.iv);
  const source = createReadStream(from, { end: cipherBytes - 1 });
  const target = createWriteStream(to, { flags: 'r+' });
  await pipeline(source, decipher, passing(hash), target).catch((error: unknown) => {
    throw isDiskError(error) ? error : mediaError('media_unreadable', error);
  });
  const sha256 = hash.digest();
  requireEqual(keys.sha256, sha256);
  return { bytes: target.bytesWritten, sha256: sha256.toString('hex') };
}

async function requireGenuine(keys: FileKeys, { macKey, iv }: MediaKeys, from: string, cipherBytes: number) {
  const whole = createHash('sha256');
  const hmac = createHmac('sha256', macKey).update(iv);
  const tail: Buffer[] = [];
  let read = 0;
  for await (const piece of createReadStream(from) as AsyncIterable<Buffer>) {
    const inCipher = Math.max(0, Math.min(piece.length, cipherBytes - read));
    whole.update(piece);
    hmac.update(piece.subarray(0, inCipher));
    tail.push(piece.subarray(inCipher));
    read += piece.length;
  }
  const mac = Buffer.concat(tail);
  const expected = hmac.digest().subarray(0, MAC_BYTES);
  if (mac.length !== MAC_BYTES || !timingSafeEqual(mac, expected)) throw mediaError('media_unreadable');
  requireEqual(keys.encSha256, whole.digest());
}

/** A hash that the reference does not tell is not compared. */
function requireEqual(told: string | undefined, found: Buffer): void {
  if (told !== undefined && !Buffer.from(told, 'base64').equals(found)) throw mediaError('media_unreadable');
}

function passing(hash: Hash): Transform {
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece);
      done(null, piece);
    },
  });
}

function isDiskError(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
