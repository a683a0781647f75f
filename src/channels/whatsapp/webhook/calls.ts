import type { GatewayEvent } from '../../gateway';
import { list, record, text, word, type JsonRecord } from '../json';
import { eachEntry, ignored, junk } from './entries';
import { gatewayIdOf } from './gatewayId';
import { groupOf, senderOf } from './identity';
import { missedCall, unclearCall } from './kinds/missedCall';
import { epochMs } from './timestamp';

/**
 * Returns the events of `call`: a list of calls, each posted once for every state it goes through. The call's id is the
 * message's, so it is told once; the engine also puts a message with that id in the place of a call nobody took.
 */
export function callEvents(payload: unknown, now: number): GatewayEvent[] {
  return eachEntry(list(payload), (entry) => [callEvent(entry, now)]);
}

function callEvent(entry: unknown, now: number): GatewayEvent {
  const call = record(entry);
  const gatewayId = gatewayIdOf(call);
  if (call === undefined || gatewayId === undefined) return junk('call without an id');
  const words = wordsOf(call);
  if (words === undefined) return ignored('call');
  return {
    kind: 'message',
    gatewayId,
    ...senderOf(keyOf(call)),
    at: epochMs(call.date) ?? dateOf(call.date) ?? now,
    history: call.offline === true,
    content: { v: 1, text: words },
  };
}

/**
 * `timeout`: it rang until it stopped. `terminate` comes when the caller hangs up, but also when the phone took the
 * call, and an offer from the time offline tells of no end: both are told as what they are. The rest is a call under
 * way, or one that somebody refused.
 */
function wordsOf(call: JsonRecord): string | undefined {
  const video = call.isVideo === true;
  const status = word(call.status).toLowerCase();
  if (status === 'timeout') return missedCall(video);
  return status === 'terminate' || (status === 'offer' && call.offline === true) ? unclearCall(video) : undefined;
}

/** The caller in the fields of a message's key. */
function keyOf(call: JsonRecord): JsonRecord {
  const group = groupOf(call.groupJid) ?? groupOf(call.chatId);
  const caller = { senderPn: call.callerPn, senderLid: call.callerLid };
  if (group !== undefined) return { remoteJid: group, participant: call.from, ...caller };
  return { remoteJid: call.from, remoteJidAlt: call.chatId, ...caller };
}

/** The engine's date becomes a text in JSON. */
function dateOf(value: unknown): number | undefined {
  const ms = Date.parse(text(value) ?? '');
  return ms > 0 ? ms : undefined;
}
