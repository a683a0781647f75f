import { hkdfSync } from 'node:crypto';
import type { FileReference } from '../../domain/content';
import { mediaError } from '../mediaError';

/** What opens one file. */
export interface MediaKeys {
  iv: Buffer;
  cipherKey: Buffer;
  macKey: Buffer;
}

/**
 * WhatsApp media scheme: a file's kind goes into its keys. A sticker counts as a picture, a voice note as a sound.
 */
const KEY_WORDS: Record<FileReference['kind'], string> = {
  image: 'Image',
  sticker: 'Image',
  video: 'Video',
  audio: 'Audio',
  voice: 'Audio',
  document: 'Document',
};

const MEDIA_KEY_BYTES = 32;
/** 16 of the initial vector, 32 of the cipher's key, 32 of the authentication's; the last 32 are not used for this. */
const EXPANDED_BYTES = 112;

/** Returns the keys of a file (WhatsApp media scheme). Throws `media_unreadable` where its key is none. */
export function mediaKeysOf({ mediaKey, kind }: Pick<FileReference, 'mediaKey' | 'kind'>): MediaKeys {
  const key = Buffer.from(mediaKey, 'base64');
  if (key.length !== MEDIA_KEY_BYTES) throw mediaError('media_unreadable');
  const expanded = Buffer.from(hkdfSync('sha256', key, '', `WhatsApp ${KEY_WORDS[kind]} Keys`, EXPANDED_BYTES));
  return { iv: expanded.subarray(0, 16), cipherKey: expanded.subarray(16, 48), macKey: expanded.subarray(48, 80) };
}
