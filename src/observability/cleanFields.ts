import { cleanText } from './cleanText';
import { describeError, isError } from './describeError';

const REDACTED = '[redacted]';
const DEEPEST = 6;
const MOST_ITEMS = 100;

/** Field names, lower case and without _ and -, that end in one of these hold a secret. */
const SECRET_ENDING =
  /(?:token|secret|password|passwd|passphrase|apikey|privatekey|bridgekey|authorization|cookie|credential|signature)s?$/;

/** Field names that hold a person's data or what somebody wrote. */
const PRIVATE_NAMES = new Set(
  (
    'phone phones phonenumber whatsappnumber number msisdn jid remotejid chatid sender recipient ' +
    'email emails emailto emailfrom emailcc emailbcc address addresses value ' +
    'firstname lastname fullname contactname pushname username ' +
    'text message body rawbody html subject caption content contents payload attachment attachments ' +
    'query querystring search qr png base64 encryptionkeys key keys'
  ).split(' '),
);

/** Returns whether what stands under a field name is never logged, whatever it is. */
function isPrivateName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[_-]/g, '');
  return SECRET_ENDING.test(plain) || PRIVATE_NAMES.has(plain);
}

function cleanEntry(name: string, value: unknown, seen: readonly object[]): unknown {
  const harmless = value === undefined || value === null || typeof value === 'boolean';
  return isPrivateName(name) && !harmless && !isError(value) ? REDACTED : cleanInner(value, seen);
}

/** The class of what is not a plain object: a request or a connection is named, not written out. */
function classOf(value: object): string | undefined {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  const name = prototype?.constructor?.name ?? 'Object';
  return name === 'Object' ? undefined : name;
}

function cleanInner(value: unknown, seen: readonly object[]): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isError(value)) return describeError(value);
  if (value instanceof Date) return value;
  if (value instanceof URL) return cleanText(value.href);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (seen.includes(value)) return '[circular]';
  if (seen.length >= DEEPEST) return '[deeper]';
  const path = [...seen, value];
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => cleanInner(item, path));
  const className = classOf(value);
  if (className !== undefined) return `[${className}]`;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cleanEntry(name, item, path)]));
}

/**
 * Returns a copy of a logged value in which fields with a telling name are `[redacted]` at any depth, errors are
 * described (see describeError) and every text is cleaned (see cleanText). Of a class instance only the class is kept.
 */
export function cleanValue(value: unknown): unknown {
  return cleanInner(value, []);
}

/** Returns a copy of named fields, cleaned like `cleanValue`. */
export function cleanFields(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, cleanEntry(name, value, [fields])]));
}
