import type { GatewayEvent } from '../../gateway';
import { classifyJid, type JidKind } from '../jid';
import { record, text, type JsonRecord } from '../json';
import { cleanName } from './cleanName';
import { describeContent } from './content';
import { ignored, junk } from './entries';
import { gatewayIdOf, waitingIdOf } from './gatewayId';
import { receiverOf, senderOf } from './identity';
import { epochMs } from './timestamp';

/** Chats that are never a conversation with a contact. */
const UNUSED_CHATS: Partial<Record<JidKind, string>> = {
  status: 'status broadcast',
  broadcast: 'broadcast',
  newsletter: 'newsletter',
};

/** Returns the event of one message as the gateway's engine describes it: `{key, message, messageTimestamp, ...}`. */
export function messageEvent(entry: unknown, history: boolean, now: number): GatewayEvent {
  const message = record(entry);
  const key = record(message?.key);
  const gatewayId = gatewayIdOf(key);
  if (message === undefined || key === undefined || gatewayId === undefined) return junk('message without a key');
  const unused = UNUSED_CHATS[classifyJid(text(key.remoteJid) ?? '')];
  if (unused !== undefined) return ignored(unused);
  const described = describeContent(message);
  if ('ignored' in described) return ignored(described.ignored);
  const { content, waiting = false } = described;
  const common = { at: epochMs(message.messageTimestamp) ?? now, history, content };
  // What we sent is proved by its id, whether this device can read it or not.
  const standIn = waiting ? { standIn: waitingIdOf(gatewayId) } : {};
  if (isOwn(key)) return { kind: 'own', gatewayId, ...standIn, ...receiverOf(key), ...common };
  return {
    kind: 'message',
    gatewayId: waiting ? waitingIdOf(gatewayId) : gatewayId,
    ...senderOf(key),
    ...nameOf(message),
    ...common,
  };
}

function isOwn(key: JsonRecord): boolean {
  return key.fromMe === true || key.fromMe === 'true';
}

function nameOf(message: JsonRecord): { name?: string } {
  const name = cleanName(message.pushName);
  return name === undefined ? {} : { name };
}
