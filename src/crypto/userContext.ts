import { createDecipheriv, createHash } from 'node:crypto';
import { z } from 'zod';

/** Who looks at our page in GHL, and in which location; GHL says it, encrypted with the app's shared secret. */
export interface UserContext {
  userId: string;
  companyId: string;
  role: 'admin' | 'user';
  locationId: string;
  /** SHA-256 of the payload's bytes: the same for the same payload, however its base64 is spelt. */
  fingerprint: string;
}

const PREFIX = Buffer.from('Salted__', 'latin1');
const SALT_BYTES = 8;
const BLOCK_BYTES = 16;
const KEY_BYTES = 32;
const LONGEST_PAYLOAD = 16_384;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Returns what a user context says, or null for whatever is not one of this app, for a location, in every field: the
 * cause is not told apart. The form is CryptoJS's `AES.encrypt(json, secret)` (GHL docs, shared secret of custom
 * pages): base64 of `Salted__`, 8 bytes of salt, AES-256-CBC.
 *
 * The form has no MAC, so whoever has one payload can change it in places, at the price of a block of random bytes
 * each. What refuses such a forgery: random bytes are hardly ever sound UTF-8 (one block in 300,000 would pass), and
 * no field may stand there twice, so that one smuggled in does not replace GHL's.
 */
export function openUserContext(payload: string, sharedSecret: string): UserContext | null {
  const bytes = payload.length <= LONGEST_PAYLOAD && BASE64.test(payload) ? Buffer.from(payload, 'base64') : PREFIX;
  const head = PREFIX.length + SALT_BYTES;
  const isWhole = bytes.length > head && (bytes.length - head) % BLOCK_BYTES === 0;
  if (!isWhole || !bytes.subarray(0, PREFIX.length).equals(PREFIX)) return null;
  const plain = decrypt(bytes.subarray(head), bytes.subarray(PREFIX.length, head), sharedSecret);
  const padding = paddingOf(plain);
  // Read whether or not the padding is sound: the time of a refusal must not tell (Vaudenay's padding oracle).
  const fields = fieldsOf(plain.subarray(0, plain.length - padding));
  if (padding === 0 || fields === null) return null;
  return { ...fields, fingerprint: createHash('sha256').update(bytes).digest('base64url') };
}

function decrypt(ciphertext: Buffer, salt: Buffer, secret: string): Buffer {
  const keyAndIv = stretch(secret, salt, KEY_BYTES + BLOCK_BYTES);
  const [key, iv] = [keyAndIv.subarray(0, KEY_BYTES), keyAndIv.subarray(KEY_BYTES)];
  const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}

/** OpenSSL's EVP_BytesToKey with MD5 and one round: weak for a person's password, but GHL's secret is a random one. */
function stretch(secret: string, salt: Buffer, bytes: number): Buffer {
  let made = Buffer.alloc(0);
  for (let last = Buffer.alloc(0); made.length < bytes; made = Buffer.concat([made, last])) {
    last = createHash('md5').update(last).update(secret, 'utf8').update(salt).digest();
  }
  return made.subarray(0, bytes);
}

/** Returns the length of the PKCS#7 padding, 0 where it is none; every byte that may be one is looked at. */
function paddingOf(plain: Buffer): number {
  const claimed = plain.readUInt8(plain.length - 1);
  let wrong = claimed >= 1 && claimed <= BLOCK_BYTES ? 0 : 1;
  for (let back = 1; back <= BLOCK_BYTES; back++) {
    const counts = back <= claimed ? 0xff : 0;
    wrong |= (plain.readUInt8(plain.length - back) ^ claimed) & counts;
  }
  return wrong === 0 ? claimed : 0;
}

const id = z.string().regex(/^[\x21-\x7e]{1,190}$/);

/** What is used of it. GHL adds fields now and then; those are no reason to refuse it. */
const contextSchema = z.object({ userId: id, companyId: id, role: z.enum(['admin', 'user']), activeLocation: id });

function fieldsOf(bytes: Buffer): Omit<UserContext, 'fingerprint'> | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const { userId, companyId, role, activeLocation } = contextSchema.parse(JSON.parse(text));
    return eachOnce(text) ? { userId, companyId, role, locationId: activeLocation } : null;
  } catch {
    return null;
  }
}

/** Returns whether each of our fields stands there once; JSON.parse would take the last one in silence. */
function eachOnce(json: string): boolean {
  const names = namesOf(json);
  return Object.keys(contextSchema.shape).every((field) => names.filter((name) => name === field).length === 1);
}

/** Returns the names of the outermost object, repeated ones too; `json` is sound. */
function namesOf(json: string): string[] {
  let depth = 0;
  const names: string[] = [];
  for (const [mark, text = '', colon] of json.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?|[{}[\]]/g)) {
    if (mark === '{' || mark === '[') depth += 1;
    else if (mark === '}' || mark === ']') depth -= 1;
    else if (depth === 1 && colon !== undefined) names.push(JSON.parse(`"${text}"`) as string);
  }
  return names;
}
