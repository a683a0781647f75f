import { z } from 'zod';
import { notFound } from '../../../domain/errors';
import { parsed } from '../../kit/parse';
import { newMessageId, type WaapifyState } from '../records/state';
import type { WaapifyInstance } from '../records/types';
import { answering, CONTENT_NAMES, sampleContent } from './contents';
import { postWebhook } from './post';
import { jidOf, messagesUpsert, receivedMessage, type MessageKey, type SendContent, type WaMessage } from './shapes';

const common = {
  instanceId: z.string(),
  text: z.string().default(''),
  /** A sample of this kind, with the text in it where the kind has one. */
  kind: z.enum(CONTENT_NAMES).default('text'),
  /** Fields of the file in it: `{ url, mediaKey, ... }`. None: the host took them out. */
  file: z.record(z.string(), z.unknown()).default({}),
  /** The earlier message that this one answers. */
  quotes: z.strictObject({ id: z.string(), text: z.string() }).optional(),
  /** Baileys content in place of the kind: `{ imageMessage: {...} }`, `{ reactionMessage: {...} }`, ... */
  content: z.record(z.string(), z.unknown()).optional(),
  dialect: z.enum(['A', 'B', 'both']).default('A'),
  /** Dialect B without the raw content: only the kind's name and the text. */
  bare: z.boolean().default(false),
  /** The message's id; given again it is a double. */
  id: z.string().optional(),
  /** Epoch milliseconds; now when absent. */
  at: z.number().optional(),
  /** append: part of a history sync. */
  arrival: z.enum(['notify', 'append']).default('notify'),
  timestampAs: z.enum(['number', 'string', 'long']).default('number'),
  /** `digits@lid`: the chat is addressed by LID; the number then stands in `remoteJidAlt`. */
  lid: z.string().optional(),
  /** With `lid`: the number is told nowhere. */
  lidOnly: z.boolean().default(false),
  /** The group in which it was written, `...@g.us`. */
  group: z.string().optional(),
};

/** A customer's message. */
export const customerMessageSchema = z.strictObject({ ...common, from: z.string(), name: z.string().default('') });
/** A message typed on the phone of the connected number. */
export const phoneMessageSchema = z.strictObject({ ...common, to: z.string() });

export type CustomerMessage = z.input<typeof customerMessageSchema>;
export type PhoneMessage = z.input<typeof phoneMessageSchema>;

/** The id of the message, and the status of each webhook that told of it; 0 where none was posted or none answered. */
export interface Told {
  gatewayId: string;
  statuses: number[];
}

type Common = Omit<z.output<typeof phoneMessageSchema>, 'to'>;

function keyOf(message: Common, number: string, fromMe: boolean, id: string): MessageKey {
  const { lid, lidOnly, group } = message;
  const chat: Partial<MessageKey> =
    lid === undefined
      ? {}
      : { addressingMode: 'lid', ...(!lidOnly && { [group ? 'participantAlt' : 'remoteJidAlt']: jidOf(number) }) };
  const jid = lid ?? jidOf(number);
  return group === undefined
    ? { remoteJid: jid, fromMe, id, ...chat }
    : { remoteJid: group, fromMe, id, participant: jid, ...chat };
}

function contentOf({ kind, text, file, quotes, content }: Common): SendContent {
  const told = content ?? sampleContent(kind, { text, file });
  return quotes === undefined ? told : answering(told, quotes);
}

async function tell(
  state: WaapifyState,
  message: Common,
  sender: { number: string; name: string; fromMe: boolean },
): Promise<Told> {
  const instance: WaapifyInstance | undefined = state.instances.get(message.instanceId);
  if (instance === undefined) throw notFound('instance in the sandbox');
  const gatewayId = message.id ?? newMessageId();
  const wa: WaMessage = {
    key: keyOf(message, sender.number.replace(/^\+/, ''), sender.fromMe, gatewayId),
    at: message.at ?? state.now(),
    name: sender.name,
    content: contentOf(message),
    timestampAs: message.timestampAs,
  };
  const bodies = [
    ...(message.dialect === 'B' ? [] : [messagesUpsert(instance.id, message.arrival, [wa])]),
    ...(message.dialect === 'A' ? [] : [receivedMessage(instance.id, wa, message.bare)]),
  ];
  const kind = sender.fromMe ? 'own' : 'message';
  const posts = await Promise.all(bodies.map((body) => postWebhook(state, instance, { kind, gatewayId, body })));
  return { gatewayId, statuses: posts.map(({ status }) => status) };
}

/** A customer writes to the number. Throws DomainError `not_found` for an instance that does not exist. */
export function customerWrites(state: WaapifyState, input: CustomerMessage): Promise<Told> {
  const { from, name, ...message } = parsed(customerMessageSchema, input);
  return tell(state, message, { number: from, name, fromMe: false });
}

/** Somebody types on the connected phone itself. Throws DomainError `not_found` for an unknown instance. */
export function phoneWrites(state: WaapifyState, input: PhoneMessage): Promise<Told> {
  const { to, ...message } = parsed(phoneMessageSchema, input);
  return tell(state, message, { number: to, name: '', fromMe: true });
}
