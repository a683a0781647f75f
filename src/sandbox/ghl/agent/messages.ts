import { z } from 'zod';
import { notFound } from '../../../domain/errors';
import { parsed } from '../../kit/parse';
import type { PostResult } from '../../kit/poster';
import { createContact, findContact } from '../records/contacts';
import { storeMessage } from '../records/conversations';
import { newId, type GhlState } from '../records/state';
import type { GhlContact, GhlMessage, GhlProvider } from '../records/types';
import { announceMessage } from './messageEvents';
import { postOut } from './outgoing';
import { tamperSchema, type Tamper } from './signing';

/** What the agent types, and the ways in which a test may bend the post that follows. */
export const agentMessageSchema = z.strictObject({
  locationId: z.string(),
  /** One of contactId and phone is needed (Email: contactId or `extra.emailTo`). */
  contactId: z.string().optional(),
  /** E.164; the contact's own when absent. */
  phone: z.string().optional(),
  text: z.string().optional(),
  attachments: z.array(z.string()).default([]),
  type: z.enum(['SMS', 'Custom', 'Email']).optional(),
  /** The first provider when absent. */
  providerId: z.string().optional(),
  /** The provider's when absent. */
  deliveryUrl: z.string().optional(),
  /** Absent: sent by a workflow. */
  userId: z.string().optional(),
  /** Further properties of the body, and other values for those it has. */
  extra: z.record(z.string(), z.unknown()).default({}),
  /** Properties that are left out of the body. */
  omit: z.array(z.string()).default([]),
  /** escaped: the same JSON with line breaks and escaped slashes, which re-serialising would lose. */
  format: z.enum(['compact', 'escaped']).default('compact'),
  /** Posted, signed, in place of the body: no JSON, odd encodings, too much. */
  rawBody: z.string().optional(),
  tamper: tamperSchema.optional(),
});

export type AgentMessage = z.input<typeof agentMessageSchema>;
type Parsed = z.output<typeof agentMessageSchema>;

/** Ids of the message in GHL, and what the bridge answered to the first post. Status 0: no answer, see `error`. */
export interface AgentSent extends PostResult {
  messageId: string;
  contactId: string;
  conversationId: string;
}

function providerOf(state: GhlState, id: string | undefined): GhlProvider {
  const provider = id === undefined ? [...state.providers.values()][0] : state.providers.get(id);
  if (provider === undefined) throw notFound('conversation provider in the sandbox');
  return provider;
}

function contactFor(state: GhlState, message: Parsed): GhlContact {
  const { locationId, contactId, phone } = message;
  if (!state.locations.has(locationId)) throw notFound('location in the sandbox');
  const known = contactId === undefined ? undefined : state.contacts.get(contactId);
  if (known !== undefined) return known;
  const found = contactId === undefined ? findContact(state, locationId, { phone }) : undefined;
  return found?.contact ?? createContact(state, locationId, { phone }, contactId);
}

/** GHL docs, ProviderOutboundMessage: only what the documented schema has; `extra` adds what was observed beyond. */
function bodyOf(message: Parsed, stored: GhlMessage, contact: GhlContact): Record<string, unknown> {
  const { userId } = message;
  const common = {
    contactId: contact.id,
    locationId: stored.locationId,
    messageId: stored.id,
    type: stored.type,
    attachments: stored.attachments,
    userId,
  };
  const channel =
    stored.type === 'Email'
      ? { emailMessageId: newId(), emailTo: [contact.email], html: stored.body, subject: 'Sandbox' }
      : { phone: message.phone ?? contact.phone, message: stored.body };
  const body = Object.entries({ ...common, ...channel, ...message.extra });
  return Object.fromEntries(body.filter(([property]) => !message.omit.includes(property)));
}

function bytesOf(message: Parsed, body: Record<string, unknown>): Buffer {
  if (message.rawBody !== undefined) return Buffer.from(message.rawBody);
  if (message.format === 'compact') return Buffer.from(JSON.stringify(body));
  return Buffer.from(JSON.stringify(body, null, 1).replaceAll('/', '\\/'));
}

function post(state: GhlState, stored: GhlMessage, tamper: Tamper | undefined): Promise<PostResult> {
  const kept = state.posts.get(stored.id);
  if (kept === undefined) throw notFound('delivery in the sandbox');
  return postOut(state, {
    kind: 'delivery',
    operation: 'delivery',
    ...kept,
    locationId: stored.locationId,
    tamper,
    onAttempt: ({ status, error }) => {
      stored.deliveries.push({ at: state.now(), status, error });
    },
  });
}

/**
 * The agent sends: stores the message as pending and posts it to the Delivery URL.
 * Returns its ids and the answer to the first post. Throws DomainError `not_found` for a location or provider that the
 * sandbox does not have, or without any Delivery URL.
 */
export async function agentSends(state: GhlState, input: AgentMessage): Promise<AgentSent> {
  const message = parsed(agentMessageSchema, input);
  const provider = providerOf(state, message.providerId);
  const url = message.deliveryUrl ?? provider.deliveryUrl;
  if (url === undefined) throw notFound('Delivery URL of this provider');
  const contact = contactFor(state, message);
  const stored = storeMessage(state, {
    locationId: message.locationId,
    contactId: contact.id,
    direction: 'outbound',
    type: message.type ?? provider.type,
    body: message.text ?? '',
    attachments: message.attachments,
    status: 'pending',
    source: 'app',
    conversationProviderId: provider.id,
    userId: message.userId,
  });
  announceMessage(state, stored);
  state.posts.set(stored.id, { url, bytes: bytesOf(message, bodyOf(message, stored, contact)) });
  const result = await post(state, stored, message.tamper);
  return { messageId: stored.id, contactId: contact.id, conversationId: stored.conversationId, ...result };
}

/** Posts a message's Delivery body again, byte for byte. Throws DomainError `not_found`. */
export async function redeliver(state: GhlState, messageId: string, tamper?: Tamper): Promise<PostResult> {
  const stored = state.messages.get(messageId);
  if (stored === undefined) throw notFound('message in the sandbox');
  return post(state, stored, tamper);
}
