import { verify, type KeyObject } from 'node:crypto';

export type SignatureVerdict = 'valid' | 'missing' | 'invalid';

/** Base64 of exactly 64 bytes, the length of every Ed25519 signature. */
const SIGNATURE = /^[A-Za-z0-9+/]{86}==$/;

/**
 * Checks the `X-GHL-Signature` header: Ed25519 over the raw body bytes, base64 without a prefix (GHL's webhook guide).
 * Raw, because parsing and writing JSON again changes bytes. Several keys may be valid while GHL rotates them; keys of
 * another kind never match. Returns `missing` for no header and for `N/A`, GHL's word for unsigned. Never throws.
 */
export function verifyGhlSignature(input: {
  raw: Buffer;
  header: string | undefined;
  keys: KeyObject[];
}): SignatureVerdict {
  const header = input.header?.trim() ?? '';
  if (header === '' || header === 'N/A') return 'missing';
  if (!SIGNATURE.test(header)) return 'invalid';
  const signature = Buffer.from(header, 'base64');
  return input.keys.some((key) => isSignedBy(key, input.raw, signature)) ? 'valid' : 'invalid';
}

function isSignedBy(key: KeyObject, raw: Buffer, signature: Buffer): boolean {
  try {
    return key.asymmetricKeyType === 'ed25519' && verify(null, raw, key, signature);
  } catch {
    return false;
  }
}

/** Base64 with a plausible length for an RSA signature of 2048 to 4096 bits. */
const RSA_SIGNATURE = /^[A-Za-z0-9+/]{342,684}={0,2}$/;

/**
 * Checks the old `X-WH-Signature` header: RSA PKCS#1 v1.5 with SHA-256 over the raw body bytes, base64 (GHL's webhook
 * guide, which announced its end for 2026). Returns as `verifyGhlSignature` does. Never throws.
 */
export function verifyLegacySignature(input: {
  raw: Buffer;
  header: string | undefined;
  key: KeyObject;
}): SignatureVerdict {
  const header = input.header?.trim() ?? '';
  if (header === '' || header === 'N/A') return 'missing';
  if (!RSA_SIGNATURE.test(header)) return 'invalid';
  try {
    const isRsa = input.key.asymmetricKeyType === 'rsa';
    return isRsa && verify('sha256', input.raw, input.key, Buffer.from(header, 'base64')) ? 'valid' : 'invalid';
  } catch {
    return 'invalid';
  }
}
