import { createHash, randomBytes, webcrypto } from 'node:crypto';
import type { FileReference } from '../../src/domain/content';

const { subtle } = webcrypto;
const WORDS = {
  image: 'Image',
  sticker: 'Image',
  video: 'Video',
  audio: 'Audio',
  voice: 'Audio',
  document: 'Document',
};
const base64 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

/** A file as it lies in WhatsApp's store, and what its message says of it; by WebCrypto, which our own code does not use. */
export async function encryptFile(
  kind: FileReference['kind'],
  plain: Buffer,
): Promise<{ lying: Buffer; keys: Omit<FileReference, 'url'> }> {
  const mediaKey = randomBytes(32);
  const hkdf = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: Buffer.alloc(32),
    info: Buffer.from(`WhatsApp ${WORDS[kind]} Keys`),
  };
  const imported = await subtle.importKey('raw', mediaKey, 'HKDF', false, ['deriveBits']);
  const expanded = Buffer.from(await subtle.deriveBits(hkdf, imported, 112 * 8));
  const [iv, cipherKey, macKey] = [expanded.subarray(0, 16), expanded.subarray(16, 48), expanded.subarray(48, 80)];
  const aes = await subtle.importKey('raw', cipherKey, 'AES-CBC', false, ['encrypt']);
  const body = Buffer.from(await subtle.encrypt({ name: 'AES-CBC', iv }, aes, plain));
  const hmac = await subtle.importKey('raw', macKey, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const mac = Buffer.from(await subtle.sign('HMAC', hmac, Buffer.concat([iv, body])));
  const lying = Buffer.concat([body, mac.subarray(0, 10)]);
  const hashes = { sha256: base64(plain), encSha256: base64(lying) };
  return { lying, keys: { kind, mediaKey: mediaKey.toString('base64'), ...hashes } };
}
