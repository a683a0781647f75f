import { at, record, text, word, type JsonRecord } from './json';

/** What a reply of the gateway is; `fields` has its top-level keys in lower case (some calls capitalise them). */
export type Reply =
  | { kind: 'json'; fields: JsonRecord }
  | { kind: 'png'; png: Buffer }
  | { kind: 'unusable'; cause: 'empty' | 'null' | 'html' | 'unparsable' | 'redirect' };

const PNG_MAGIC = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
/** Where the two generations put the message id, in the order in which they are believed (observed). */
const ID_PATHS = [
  ['data', 'key', 'id'],
  ['message', 'key', 'id'],
  ['key', 'id'],
  ['data', 'id'],
  ['id'],
  ['message_id'],
];
const ERROR_STATUSES = new Set(['error', 'fail', 'failed', 'false']);

/**
 * Reads a reply without regard to its content type, which the first generation never sets. A JSON object may have
 * notices of PHP before it, but nothing behind it: a page that merely contains JSON is not an answer. Where a key
 * stands twice the last one holds. The literal `null` is what the front prints when its own worker did not answer in
 * time: the message may have been sent. Never throws.
 */
export function parseReply(body: Buffer): Reply {
  if (body.subarray(0, PNG_MAGIC.length).equals(PNG_MAGIC)) return { kind: 'png', png: body };
  const trimmed = body
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  if (trimmed === '') return { kind: 'unusable', cause: 'empty' };
  if (trimmed === 'null') return { kind: 'unusable', cause: 'null' };
  const parsed = parseObject(trimmed) ?? parseObject(trimmed.slice(trimmed.indexOf('{')));
  if (parsed !== undefined) return { kind: 'json', fields: lowerCased(parsed) };
  return { kind: 'unusable', cause: trimmed.startsWith('<') ? 'html' : 'unparsable' };
}

/**
 * Returns the id under which WhatsApp knows the sent message, undefined when the reply names none. `success` without
 * one is no proof: a failed send can answer so (observed).
 */
export function replyId(fields: JsonRecord): string | undefined {
  for (const path of ID_PATHS) {
    const id = text(at(fields, ...path));
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Returns what the gateway complains about, undefined when it does not; `text` may be empty. */
export function replyError(fields: JsonRecord): { text: string; relogin: boolean } | undefined {
  const relogin = fields.relogin === true || fields.relogin === 'true';
  const refused = ERROR_STATUSES.has(word(fields.status).toLowerCase());
  if (!relogin && !refused) return undefined;
  return { text: text(fields.message) ?? text(fields.error) ?? '', relogin };
}

/** Returns whether the gateway says that it did what was asked. */
export function isSuccess(fields: JsonRecord): boolean {
  return word(fields.status).toLowerCase() === 'success' && replyError(fields) === undefined;
}

function parseObject(source: string): JsonRecord | undefined {
  try {
    return record(JSON.parse(source));
  } catch {
    return undefined;
  }
}

function lowerCased(fields: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key.toLowerCase(), value]));
}
