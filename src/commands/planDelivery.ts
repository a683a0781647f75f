import type { Provider } from '../config/parsers/providers';
import { isGroup, lidOf, type Address, type Channel } from '../domain/address';
import type { Content } from '../domain/content';
import { planParts, type PartLimits } from '../domain/parts';
import { parsePhone, type CountryCode, type PhoneResult } from '../domain/phone';
import type { Chat } from '../store/chats';
import type { OutboundInput } from '../store/messages/accept';

/** What GHL posts to a Delivery URL, as far as it is used (GHL's ProviderOutboundMessage). */
export interface DeliveryPost {
  locationId: string;
  messageId: string;
  contactId: string;
  /** `SMS`, `Email`, `Custom` (an extra SMS provider); others may come. */
  type: string;
  /** Who pressed send; absent for workflows and bots. */
  userId?: string;
  phone?: string;
  message?: string;
  /** Public addresses of files. */
  attachments?: string[];
  subject?: string;
  html?: string;
  /** The other side's id of the message that is answered. */
  replyToAltId?: string;
}

/** The part of an outbound message that its content decides. */
export type DeliveryPlan = Pick<
  OutboundInput,
  'channel' | 'address' | 'content' | 'parts' | 'prepare' | 'failure' | 'connectionId'
>;

/** What the plan depends on beside the post. */
export interface PlanFacts {
  /** Reads numbers without country code. */
  region: CountryCode;
  /** Longest texts of the channel's gateway. */
  limits: PartLimits;
  /** The most files of one message. */
  maxFiles: number;
  /** What its contact stands for, where that is no phone number. */
  chat: Chat | null;
}

const CHANNELS: Record<Provider['channel'], Channel> = { sms: 'whatsapp', email: 'email', call: 'call' };

/** The types that a provider's channel can carry; all others are stored and fail with their reason. */
const TYPES: Record<Provider['channel'], readonly string[]> = { sms: ['SMS', 'Custom'], email: [], call: [] };

/** Returns what is to be sent where, or why it can never be sent. */
export function planDelivery(provider: Provider, post: DeliveryPost, facts: PlanFacts): DeliveryPlan {
  const receiver = receiverOf(parsePhone(post.phone ?? '', facts.region), facts.chat);
  const content = contentOf(post);
  const tooMany = (content.attachments?.length ?? 0) > facts.maxFiles;
  const parts = tooMany ? [] : planParts(content, facts.limits, null);
  const known = TYPES[provider.channel].includes(post.type);
  const failure = failureOf({ known, tooMany, parts, receiver });
  const { address, connectionId } = receiver;
  return { channel: CHANNELS[provider.channel], address, connectionId, content, parts, prepare: true, failure };
}

/** Whom a message goes to, and on which number where there is no choice; or why there is nobody. */
interface Receiver {
  address: Address | null;
  connectionId?: string;
  failure?: DeliveryPlan['failure'];
}

/**
 * A group is reached by the number that is in it, whatever phone stands in its contact. Of anybody else the contact's
 * own phone counts, and only without one what was learnt of a hidden identity.
 */
function receiverOf(phone: PhoneResult, chat: Chat | null): Receiver {
  if (chat !== null && isGroup(chat.address)) return chat;
  if (phone.ok) return { address: { channel: 'whatsapp', value: phone.value } };
  if (chat === null) return { address: null, failure: { reason: phone.code, text: phone.message } };
  return lidOf(chat.address) === null
    ? { address: chat.address }
    : { address: null, failure: { reason: 'number_hidden' } };
}

function contentOf(post: DeliveryPost): Content {
  const urls = (post.attachments ?? []).filter((url) => url.trim() !== '');
  return {
    v: 1,
    text: post.message,
    html: post.html,
    subject: post.subject,
    ...(urls.length > 0 ? { attachments: urls.map((url) => ({ url })) } : {}),
    replyTo: post.replyToAltId,
  };
}

interface Facts extends Pick<DeliveryPlan, 'parts'> {
  known: boolean;
  tooMany: boolean;
  receiver: Receiver;
}

function failureOf({ known, tooMany, parts, receiver }: Facts): DeliveryPlan['failure'] {
  if (!known) return { reason: 'unknown_type' };
  if (tooMany) return { reason: 'too_many_files' };
  if (parts.length === 0) return { reason: 'nothing_to_send' };
  return receiver.failure;
}
