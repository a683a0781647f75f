import type { Provider } from '../config/parsers/providers';
import type { Address, Channel } from '../domain/address';
import { planParts, type Content } from '../domain/content';
import { parsePhone, type CountryCode, type PhoneResult } from '../domain/phone';
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
export type DeliveryPlan = Pick<OutboundInput, 'channel' | 'address' | 'content' | 'parts' | 'failure'>;

const CHANNELS: Record<Provider['channel'], Channel> = { sms: 'whatsapp', email: 'email', call: 'call' };

/** The types that a provider's channel can carry; all others are stored and fail with their reason. */
const TYPES: Record<Provider['channel'], readonly string[]> = { sms: ['SMS', 'Custom'], email: [], call: [] };

/** Returns what is to be sent where, or why it can never be sent. `region` reads numbers without country code. */
export function planDelivery(provider: Provider, post: DeliveryPost, region: CountryCode): DeliveryPlan {
  const phone = parsePhone(post.phone ?? '', region);
  const content = contentOf(post);
  const parts = planParts(content);
  const failure = failureOf({ known: TYPES[provider.channel].includes(post.type), content, parts, phone });
  return { channel: CHANNELS[provider.channel], address: addressOf(phone), content, parts, failure };
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

interface Facts extends Pick<DeliveryPlan, 'content' | 'parts'> {
  known: boolean;
  phone: PhoneResult;
}

/** Nothing may be dropped in silence: a text whose files can not be sent along is not sent alone. */
function failureOf({ known, content, parts, phone }: Facts): DeliveryPlan['failure'] {
  if (!known) return { reason: 'unknown_type' };
  if (parts.length === 0) return { reason: 'nothing_to_send' };
  if (content.attachments !== undefined) return { reason: 'attachments_not_supported' };
  return phone.ok ? undefined : { reason: phone.code, text: phone.message };
}

function addressOf(phone: PhoneResult): Address | null {
  return phone.ok ? { channel: 'whatsapp', value: phone.value } : null;
}
