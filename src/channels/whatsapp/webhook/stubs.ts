import { at, word, type JsonRecord } from '../json';
import { missedCall } from './kinds/missedCall';

/** What stands in a message's place. `waiting`: the content may still come, under the same id. */
export type Stub = { words: string; waiting?: true } | { ignored: string };

export const UNREADABLE = '[a message that could not be read here: open WhatsApp on the phone]';
export const VIEW_ONCE = '[view once message: open WhatsApp on the phone]';

/** The engine's stub types, by number and by name. All others are notices of the system: keys, members, timers. */
const MISSED_CALLS = new Map([
  ['40', missedCall(false)],
  ['41', missedCall(true)],
  ['45', missedCall(false)],
  ['46', missedCall(true)],
  ['CALL_MISSED_VOICE', missedCall(false)],
  ['CALL_MISSED_VIDEO', missedCall(true)],
  ['CALL_MISSED_GROUP_VOICE', missedCall(false)],
  ['CALL_MISSED_GROUP_VIDEO', missedCall(true)],
]);
const UNDECRYPTED: ReadonlySet<string> = new Set(['2', 'CIPHERTEXT']);

/**
 * Returns what a message without content is: a call, one that this device can not decrypt ("waiting for this message"),
 * one that the phone alone may show, or a notice of the system.
 */
export function readStub(entry: JsonRecord): Stub {
  const type = word(entry.messageStubType).toUpperCase();
  const call = MISSED_CALLS.get(type);
  if (call !== undefined) return { words: call };
  if (type !== '' && !UNDECRYPTED.has(type)) return { ignored: 'system notice' };
  if (at(entry, 'key', 'isViewOnce') === true) return { words: VIEW_ONCE };
  return { words: UNREADABLE, waiting: true };
}
