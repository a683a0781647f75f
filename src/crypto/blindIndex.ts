import { createHmac } from 'node:crypto';
import { deriveKey } from './keyRing';

/** Finds equal texts (an address, a content) in the store without storing them in clear. */
export interface BlindIndex {
  /** Returns 32 characters (192 bits) that are the same for the same text, and tell nothing to who lacks the key. */
  index(text: string): string;
}

const LENGTH = 32;

/**
 * Returns a blind index under a key (HMAC-SHA256 with a key derived from it). The key must stay the same for the life
 * of the store: under another key nothing that was stored before is found.
 */
export function createBlindIndex(key: Buffer): BlindIndex {
  const indexKey = deriveKey(key, 'blind-index');
  return {
    index: (text) => createHmac('sha256', indexKey).update(text, 'utf8').digest('base64url').slice(0, LENGTH),
  };
}
