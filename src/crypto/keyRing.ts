import { hkdfSync } from 'node:crypto';
import { DomainError } from '../domain/errors';

/** One master key: 32 bytes, and the name that stored texts carry. */
export interface RingKey {
  id: string;
  key: Buffer;
}

/** The master keys: the first one seals, all of them open. */
export interface KeyRing {
  readonly current: RingKey;
  /** Returns the key of that name, or undefined. */
  find(id: string): RingKey | undefined;
}

const KEY_BYTES = 32;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;

/**
 * Returns a ring of the given keys, the first one current.
 * Throws DomainError `key_ring_invalid` when there is none, a key is not 32 bytes, or an id is malformed or used twice.
 */
export function createKeyRing(keys: readonly RingKey[]): KeyRing {
  const [current] = keys;
  const byId = new Map(keys.map((key) => [key.id, key]));
  const sound = keys.every(({ id, key }) => KEY_ID.test(id) && key.length === KEY_BYTES);
  if (current === undefined || byId.size < keys.length || !sound) {
    throw new DomainError(
      'key_ring_invalid',
      'never',
      'A key ring needs keys of 32 bytes, each with an id of its own.',
    );
  }
  return { current, find: (id) => byId.get(id) };
}

/**
 * Returns the 32-byte key for one purpose (HKDF-SHA256, RFC 5869). No master key is used itself, so that what is
 * computed for one purpose is worth nothing for another.
 */
export function deriveKey(master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', `ghl-waapify-bridge/${purpose}`, KEY_BYTES));
}
