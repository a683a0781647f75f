import type { GatewayEvent } from '../../gateway';
import { classifyJid, type JidKind } from '../jid';
import { at, record, text, type JsonRecord } from '../json';
import { describeContent } from './content';
import { ignored, junk } from './entries';
import { gatewayIdOf } from './gatewayId';
import { chatAddress } from './sender';
import { epochMs } from './timestamp';

const MAX_NAME_LENGTH = 200;

/** Chats that are never a conversation with one contact. */
const UNUSED_CHATS: Partial<Record<JidKind, string>> = {
  status: 'status broadcast',
  broadcast: 'broadcast',
  newsletter: 'newsletter',
  group: 'group',
};

/** Returns the event of one message as the gateway's engine describes it: `{key, message, messageTimestamp, ...}`. */
export function messageEvent(entry: unknown, history: boolean, now: number): GatewayEvent {
  const message = record(entry);
  const key = record(message?.key);
  const gatewayId = gatewayIdOf(key);
  if (message === undefined || key === undefined || gatewayId === undefined) return junk('message without a key');
  const chat = classifyJid(text(key.remoteJid) ?? '');
  const fromMe = isOwn(key);
  const unused = UNUSED_CHATS[chat];
  // What we sent to a group comes back as an echo, which is all that proves it: no receipts come from groups.
  if (unused !== undefined && !(fromMe && chat === 'group')) return ignored(unused);
  const described = describeContent(message);
  if ('ignored' in described) return ignored(described.ignored);
  const common = { gatewayId, at: epochMs(message.messageTimestamp) ?? now, history, content: described };
  if (fromMe) return { kind: 'own', to: chatAddress(key, fromMe), ...common };
  return { kind: 'message', from: chatAddress(key, fromMe), ...nameOf(message), ...common };
}

function isOwn(key: JsonRecord): boolean {
  return at(key, 'fromMe') === true || at(key, 'fromMe') === 'true';
}

function nameOf(message: JsonRecord): { name?: string } {
  const name = text(message.pushName)
    ?.replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_NAME_LENGTH);
  return name === undefined ? {} : { name };
}
