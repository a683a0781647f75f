import { z } from 'zod';
import type { TextSchema } from '../setting';

/** One key of the ring: 32 bytes. */
export interface EncryptionKey {
  id: string;
  key: Buffer;
}

const FORM = 'must be id:base64 of 32 bytes, several between commas (make one with: openssl rand -base64 32)';
const ENTRY = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=)$/;

function readKeys(text: string): EncryptionKey[] | string {
  const entries = text.split(',').map((entry) => ENTRY.exec(entry.trim()));
  const keys: EncryptionKey[] = [];
  for (const [, id, base64] of entries.map((entry) => entry ?? [])) {
    if (id === undefined || base64 === undefined) return FORM;
    keys.push({ id, key: Buffer.from(base64, 'base64') });
  }
  const ids = new Set(keys.map(({ id }) => id));
  return ids.size === keys.length ? keys : 'uses one key id twice: each key needs its own, they are in stored texts';
}

/** `id:base64(32 bytes)[,id:...]`; the first one encrypts. */
export const encryptionKeys: TextSchema<EncryptionKey[]> = z.string().transform((text, context) => {
  const result = readKeys(text);
  if (typeof result !== 'string') return result;
  context.addIssue({ code: 'custom', message: result });
  return z.NEVER;
});
