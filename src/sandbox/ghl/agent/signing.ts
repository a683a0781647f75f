import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** An Ed25519 key of the stand-in, and the PEM that the bridge is told to trust. */
export interface SigningKey {
  privateKey: KeyObject;
  publicKeyPem: string;
}

/** Ways to spoil a signed post, for tests of the other side's checks. */
export const tamperSchema = z.strictObject({
  /**
   * missing: no header. not_signed: the literal `N/A` (GHL docs, webhook guide). garbled: one bit wrong.
   * foreign_key: a good signature by somebody else.
   */
  signature: z.enum(['missing', 'not_signed', 'garbled', 'foreign_key']).optional(),
  /** The body is changed after it was signed. */
  alterBody: z.boolean().default(false),
});

export type Tamper = z.input<typeof tamperSchema>;

/** Returns a key: the given PKCS#8 PEM, or a new one. Throws when the PEM is not a private key. */
export function signingKey(privateKeyPem?: string): SigningKey {
  const privateKey =
    privateKeyPem === undefined ? generateKeyPairSync('ed25519').privateKey : createPrivateKey(privateKeyPem);
  return { privateKey, publicKeyPem: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString() };
}

function signatureOf(bytes: Buffer, key: SigningKey, how: Tamper['signature']): string | undefined {
  if (how === 'missing') return undefined;
  if (how === 'not_signed') return 'N/A';
  const signature = sign(null, bytes, how === 'foreign_key' ? signingKey().privateKey : key.privateKey);
  if (how === 'garbled') signature.writeUInt8(signature.readUInt8(0) ^ 1, 0);
  return signature.toString('base64');
}

/**
 * Returns what is posted: the bytes and `X-GHL-Signature`, base64 of an Ed25519 signature over exactly these bytes
 * (GHL docs, ProviderOutboundMessage), or the spoiled variants that `tamper` asks for.
 */
export function signedPost(bytes: Buffer, key: SigningKey, tamper: Tamper = {}) {
  const signature = signatureOf(bytes, key, tamper.signature);
  return {
    // A space before the text leaves JSON equal and the bytes different: only a check of the raw bytes notices.
    bytes: tamper.alterBody === true ? Buffer.concat([Buffer.from(' '), bytes]) : bytes,
    headers: { ...(signature !== undefined && { 'x-ghl-signature': signature }) },
  };
}
