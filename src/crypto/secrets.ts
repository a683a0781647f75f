import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 16;

/** Returns a new secret of that many random bytes (256 bits unless told) in base64url. */
export function randomSecret(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

/**
 * Returns a new id, `<prefix>_<32 hex digits>`. Lower case throughout: it stays unique in a database that compares
 * without regard to case, and needs no escaping in an address or a workflow id.
 */
export function randomId(prefix: string): string {
  return `${prefix}_${randomBytes(ID_BYTES).toString('hex')}`;
}

/**
 * Returns the SHA-256 of a secret in base64url, the form in which the store keeps what it only has to recognise. For
 * random secrets alone: a password that a person chose would need a slow hash.
 */
export function hashSecret(secret: string): string {
  return digest(secret).toString('base64url');
}

/** Returns whether two secrets are equal, in a time that does not tell where, or in how many characters, they differ. */
export function equalSecret(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
