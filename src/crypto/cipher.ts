import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { IV_BYTES, readEnvelope, TAG_BYTES, unreadable, writeEnvelope, type Envelope } from './envelope';
import { deriveKey, type KeyRing } from './keyRing';

/**
 * Seals what the store keeps of private things. The identity names the row and column (`messages:content:<id>`): a
 * sealed text that is copied into another row does not open there.
 */
export interface Cipher {
  /** Returns the sealed text, made with the ring's current key; never the same twice. */
  seal(plain: string, identity: string): string;
  /**
   * Returns the plain text. Throws DomainError `sealed_unreadable` (retry never) for a text that was changed, sealed
   * for another identity, or sealed with a key that is not in the ring.
   */
  open(sealed: string, identity: string): string;
  /** Returns the id of the key that sealed it. Throws DomainError `sealed_unreadable`. */
  keyIdOf(sealed: string): string;
  /** Returns whether it is sealed with the ring's current key; rotation seals anew what is not. */
  isCurrent(sealed: string): boolean;
}

const ALGORITHM = 'aes-256-gcm';

/** The key id is authenticated too: a text can not be passed off as sealed by another key. */
function additionalData(keyId: string, identity: string): Buffer {
  return Buffer.from(`v1.${keyId}|${identity}`, 'utf8');
}

function encrypt(key: Buffer, keyId: string, plain: string, identity: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData(keyId, identity));
  const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return writeEnvelope({ keyId, iv, tag: cipher.getAuthTag(), ciphertext });
}

function decrypt(key: Buffer, { keyId, iv, tag, ciphertext }: Envelope, identity: string): string {
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData(keyId, identity));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
  } catch {
    throw unreadable();
  }
}

/**
 * Returns a cipher over a key ring: AES-256-GCM with a random 96-bit IV, which is sound for 2^32 texts a key (NIST
 * SP 800-38D); rotate long before. Text is stored as UTF-8: a lone surrogate comes back as U+FFFD.
 */
export function createCipher(ring: KeyRing): Cipher {
  const derived = new Map<string, Buffer>();
  const keyOf = (id: string): Buffer => {
    const known = derived.get(id);
    if (known !== undefined) return known;
    const master = ring.find(id);
    if (master === undefined) throw unreadable();
    const key = deriveKey(master.key, 'seal');
    derived.set(id, key);
    return key;
  };
  const current = ring.current.id;
  return {
    seal: (plain, identity) => encrypt(keyOf(current), current, plain, identity),
    open: (sealed, identity) => {
      const envelope = readEnvelope(sealed);
      return decrypt(keyOf(envelope.keyId), envelope, identity);
    },
    keyIdOf: (sealed) => readEnvelope(sealed).keyId,
    isCurrent: (sealed) => readEnvelope(sealed).keyId === current,
  };
}
