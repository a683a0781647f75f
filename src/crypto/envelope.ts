import { DomainError } from '../domain/errors';

/** A sealed text, taken apart: `v1.<keyId>.<iv>.<tag>.<ciphertext>`, the last three in base64url. */
export interface Envelope {
  keyId: string;
  iv: Buffer;
  tag: Buffer;
  ciphertext: Buffer;
}

export const IV_BYTES = 12;
export const TAG_BYTES = 16;

const VERSION = 'v1';
const FORM = /^v1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]*)$/;

/** The error of every sealed text that does not open. Says nothing of its content. */
export function unreadable(): DomainError {
  const message = 'Something that is stored encrypted can not be read. Check that ENCRYPTION_KEYS holds its key.';
  return new DomainError('sealed_unreadable', 'never', message);
}

/** Returns the text of an envelope. */
export function writeEnvelope({ keyId, iv, tag, ciphertext }: Envelope): string {
  return [VERSION, keyId, ...[iv, tag, ciphertext].map((bytes) => bytes.toString('base64url'))].join('.');
}

/** Returns the parts of a sealed text. Throws DomainError `sealed_unreadable` when it is not one. */
export function readEnvelope(sealed: string): Envelope {
  const [, keyId, iv, tag, ciphertext] = FORM.exec(sealed) ?? [];
  if (keyId === undefined) throw unreadable();
  return { keyId, iv: fromBase64url(iv), tag: fromBase64url(tag), ciphertext: fromBase64url(ciphertext) };
}

/** The last character of base64url may hold bits that belong to no byte: only their one proper spelling is taken. */
function fromBase64url(text = ''): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw unreadable();
  return bytes;
}
