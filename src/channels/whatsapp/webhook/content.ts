import type { Content } from '../../../domain/content';
import { record, type JsonRecord } from '../json';
import { editOf } from './kinds/changes';
import type { Reading, Said } from './kinds/kind';
import { KINDS } from './kinds/table';
import { quotationOf } from './quotation';
import { readStub, UNREADABLE, VIEW_ONCE } from './stubs';
import { unwrap } from './unwrap';

/** `waiting`: the words stand for a content that may still come under the same id. */
export type Described = { content: Content; waiting?: true } | { ignored: string };

const UNSUPPORTED = '[a kind of message that is not supported: open WhatsApp on the phone]';
/** What accompanies a content and is none. */
const ACCOMPANIMENT = new Set(['messageContextInfo', 'senderKeyDistributionMessage']);
/** An edit holds a message, and that nothing more of the kind. */
const MAX_DEPTH = 2;

/**
 * Returns what a message says: the text itself, a file's reference, else words for its kind, so that whoever answers
 * in GHL knows that something came. `ignored` where nobody has said anything (keys, timers, system notices).
 */
export function describeContent(entry: JsonRecord): Described {
  const message = record(entry.message);
  if (message !== undefined) return describeMessage(message);
  const stub = readStub(entry);
  return 'ignored' in stub ? stub : { content: { v: 1, text: stub.words }, ...(stub.waiting && { waiting: true }) };
}

function describeMessage(wrapped: JsonRecord): Described {
  const { message, viewOnce, edited } = unwrap(wrapped);
  const reading = readMessage(message, viewOnce, 0);
  if (reading === undefined) return undescribed(message, viewOnce);
  if ('ignored' in reading) return reading;
  const changed = message.protocolMessage !== undefined;
  return { content: contentOf(message, edited && !changed ? editOf(reading) : reading) };
}

function readMessage(message: JsonRecord, viewOnce: boolean, depth: number): Reading | undefined {
  const inner = (nested: unknown): Said | undefined => readInner(nested, depth + 1);
  for (const { read } of KINDS) {
    const reading = read(message, { viewOnce, inner });
    if (reading !== undefined) return reading;
  }
  return undefined;
}

function readInner(nested: unknown, depth: number): Said | undefined {
  const wrapped = record(nested);
  if (wrapped === undefined || depth > MAX_DEPTH) return undefined;
  const { message, viewOnce } = unwrap(wrapped);
  const reading = readMessage(message, viewOnce, depth);
  return reading === undefined || 'ignored' in reading ? undefined : reading;
}

/** What stands under a quotation is the answer; a file needs no words for that. */
function contentOf(message: JsonRecord, { words, file, media, about, reaction }: Said): Content {
  const { replyTo, quotation } = quotationOf(message, (quoted) => readInner(quoted, 1));
  const text = [quotation, words].filter((line) => line !== undefined).join('\n');
  return {
    v: 1,
    ...(text === '' ? {} : { text }),
    ...(file === undefined ? {} : { file }),
    ...(media === undefined ? {} : { media }),
    ...((replyTo ?? about) === undefined ? {} : { replyTo: replyTo ?? about }),
    ...(reaction === undefined ? {} : { reaction }),
  };
}

function undescribed(message: JsonRecord, viewOnce: boolean): Described {
  if (viewOnce) return { content: { v: 1, text: VIEW_ONCE } };
  const kinds = Object.keys(message);
  if (kinds.length === 0) return { content: { v: 1, text: UNREADABLE }, waiting: true };
  if (kinds.every((kind) => ACCOMPANIMENT.has(kind))) return { ignored: 'key distribution' };
  return { content: { v: 1, text: UNSUPPORTED } };
}
