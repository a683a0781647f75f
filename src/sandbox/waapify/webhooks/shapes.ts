import type { WaapifySend } from '../records/types';

/** Content of a message in the Baileys form: one property that names its kind. */
export type SendContent = Record<string, unknown>;

/** The key of a message in the Baileys form. */
export interface MessageKey {
  remoteJid: string;
  fromMe: boolean;
  id: string;
  participant?: string;
  remoteJidAlt?: string;
  participantAlt?: string;
  addressingMode?: 'pn' | 'lid';
}

/** One message, before it is put into a dialect. */
export interface WaMessage {
  key: MessageKey;
  /** Epoch milliseconds. */
  at: number;
  name: string;
  content: SendContent;
  /** Baileys passes timestamps on in three forms. */
  timestampAs: 'number' | 'string' | 'long';
}

/** Returns the jid of a number; groups, LIDs and other jids stay as they are. */
export function jidOf(number: string): string {
  return number.includes('@') ? number : `${number}@s.whatsapp.net`;
}

/** The kind of a file, chosen by the extension of its address alone (Waapify API behaviour). */
function kindOf(url: string): 'image' | 'video' | 'audio' | 'document' {
  const extension = /\.([a-z0-9]+)$/i.exec(url)?.[1]?.toLowerCase() ?? '';
  if (['jpg', 'jpeg', 'png', 'gif'].includes(extension)) return 'image';
  if (['mp4', '3gpp'].includes(extension)) return 'video';
  return ['mp3', 'ogg'].includes(extension) ? 'audio' : 'document';
}

/** Returns the content of a message that went out. */
export function contentOf({ type, text, mediaUrl, filename }: WaapifySend): SendContent {
  if (type !== 'media' || mediaUrl === undefined) return { extendedTextMessage: { text } };
  const kind = kindOf(mediaUrl);
  const fileName = filename ?? mediaUrl.split('/').at(-1);
  return { [`${kind}Message`]: { ...(text !== '' && { caption: text }), ...(kind === 'document' && { fileName }) } };
}

function timestampOf({ at, timestampAs }: WaMessage): unknown {
  const seconds = Math.floor(at / 1000);
  if (timestampAs === 'string') return String(seconds);
  return timestampAs === 'long' ? { low: seconds, high: 0, unsigned: true } : seconds;
}

/** Dialect A: the Baileys event passed through, several messages in one post if need be. */
export function messagesUpsert(instanceId: string, type: 'notify' | 'append', messages: readonly WaMessage[]): string {
  const list = messages.map((one) => ({
    key: one.key,
    messageTimestamp: timestampOf(one),
    pushName: one.name,
    broadcast: false,
    message: one.content,
    ...(one.key.fromMe && { status: 2 }),
  }));
  return JSON.stringify({
    instance_id: instanceId,
    data: { event: 'messages.upsert', data: { type, messages: list } },
  });
}

/** Dialect B: flattened, always one message; `bare`: without the raw content. */
export function receivedMessage(instanceId: string, { key, name, content }: WaMessage, bare = false): string {
  const [type = 'conversation', value] = Object.entries(content)[0] ?? [];
  const inner = typeof value === 'object' && value !== null ? (value as { text?: unknown; caption?: unknown }) : {};
  const message = {
    message_key: key,
    push_name: name,
    from_contact: key.remoteJid.split('@')[0],
    body_message: {
      type,
      content: typeof value === 'string' ? value : (inner.text ?? inner.caption ?? ''),
      ...(!bare && { messages: content }),
    },
  };
  return JSON.stringify({ instance_id: instanceId, data: { event: 'received_message', message } });
}

/** What the engine knows of people: `{id, lid, notify}` each. */
export function contactsUpdate(instanceId: string, contacts: readonly object[]): string {
  return JSON.stringify({ instance_id: instanceId, data: { event: 'contacts.update', data: contacts } });
}

/** A receipt: 0 error, 1 pending, 2 server, 3 delivered, 4 read, 5 played (Baileys enum); `code` goes with 0. */
export function messagesUpdate(instanceId: string, key: MessageKey, status: number, code?: string): string {
  const update = { status, ...(code !== undefined && { messageStubParameters: [code] }) };
  return JSON.stringify({ instance_id: instanceId, data: { event: 'messages.update', data: [{ key, update }] } });
}
