import type { GatewayEvent } from '../../gateway';
import { at, list, record, text, type JsonRecord } from '../json';
import { eachEntry } from './entries';
import { KINDS, WORDS } from './kinds/table';
import { messageEvent } from './message';

/**
 * Returns the events of the flattened dialect (`received_message`), read through the same eyes as the other one. Where a
 * host posts both, a message is taken from the one that comes first: they hold the same content and key, and this one
 * lacks only the time; the file's reference too where it comes without the raw content, and that is added from the other.
 */
export function flattenedEvents(payload: unknown, now: number): GatewayEvent[] {
  return eachEntry(list(payload), (entry) => [messageEvent(unflatten(entry), false, now)]);
}

/**
 * Returns the entry in the shape of the other dialect. `from_contact` is left out on purpose: it holds the digits of a
 * hidden identity as readily as those of a number, and nothing tells which.
 */
function unflatten(entry: unknown): JsonRecord {
  return {
    key: at(entry, 'message_key') ?? at(entry, 'key'),
    pushName: at(entry, 'push_name') ?? at(entry, 'pushName'),
    messageTimestamp: at(entry, 'message_timestamp') ?? at(entry, 'messageTimestamp') ?? at(entry, 'timestamp'),
    message: contentOf(at(entry, 'body_message')),
  };
}

/** The raw content where it is there; else the kind that the gateway names, with the text that it took from it. */
function contentOf(body: unknown): JsonRecord | undefined {
  const raw = record(at(body, 'messages'));
  if (raw !== undefined && Object.keys(raw).length > 0) return raw;
  const content = text(at(body, 'content'));
  const named = KINDS.find(({ field }) => field === at(body, 'type'));
  if (named !== undefined && !WORDS.includes(named)) return { [named.field]: { caption: content, name: content } };
  return content === undefined ? undefined : { conversation: content };
}
