import { newId, type GhlState } from './state';
import type { GhlConversation, GhlMessage, MessageStatus, StatusError } from './types';

/** Returns the conversation of a contact, or undefined. */
export function findConversation(state: GhlState, contactId: string): GhlConversation | undefined {
  return state.conversations.get(state.conversationIds.get(contactId) ?? '');
}

/** Returns the conversation of a contact, created when it has none: GHL keeps one for each contact. */
export function conversationOf(state: GhlState, locationId: string, contactId: string): GhlConversation {
  const existing = findConversation(state, contactId);
  if (existing !== undefined) return existing;
  const now = state.now();
  const dateAdded = new Date(now).toISOString();
  const conversation = { id: newId(), locationId, contactId, dateAdded, createdAt: now, unreadCount: 0 };
  state.conversations.set(conversation.id, conversation);
  state.conversationIds.set(contactId, conversation.id);
  return conversation;
}

type Chosen = 'id' | 'conversationId' | 'createdAt' | 'deliveries' | 'statusHistory' | 'dateAdded' | 'error';

/** A message before it is stored; it shows the present time when none is given. */
export type NewMessage = Omit<GhlMessage, Chosen> & { dateAdded?: string };

/** Stores a message in the conversation of its contact. */
export function storeMessage(state: GhlState, given: NewMessage): GhlMessage {
  const now = state.now();
  const conversation = conversationOf(state, given.locationId, given.contactId);
  if (given.direction === 'inbound') conversation.unreadCount += 1;
  const message: GhlMessage = {
    ...given,
    id: newId(),
    conversationId: conversation.id,
    statusHistory: [{ at: now, status: given.status }],
    dateAdded: given.dateAdded ?? new Date(now).toISOString(),
    createdAt: now,
    deliveries: [],
  };
  state.messages.set(message.id, message);
  state.watch.changed();
  return message;
}

/** Deletes a conversation with its messages; its contact may get a new one. */
export function deleteConversation(state: GhlState, { id, contactId }: GhlConversation): void {
  state.conversations.delete(id);
  state.conversationIds.delete(contactId);
  for (const message of messagesOf(state, id)) state.messages.delete(message.id);
  state.watch.changed();
}

/** Sets a status as GHL does, in any order and without a memory of better ones; the history keeps every change. */
export function setStatus(state: GhlState, message: GhlMessage, status: MessageStatus, error?: StatusError): void {
  message.status = status;
  message.error = error;
  message.statusHistory.push({ at: state.now(), status, error });
  state.watch.changed();
}

/** Returns the messages of a conversation, newest first. */
export function messagesOf(state: GhlState, conversationId: string): GhlMessage[] {
  return [...state.messages.values()].filter((one) => one.conversationId === conversationId).reverse();
}

/** Numbers and names of message types (GHL API; the custom ones are observed). */
const TYPES: Record<string, { number: number; name: string }> = {
  SMS: { number: 2, name: 'TYPE_SMS' },
  Email: { number: 3, name: 'TYPE_EMAIL' },
  WhatsApp: { number: 19, name: 'TYPE_WHATSAPP' },
  Custom: { number: 22, name: 'TYPE_CUSTOM_PROVIDER_SMS' },
  Call: { number: 34, name: 'TYPE_CUSTOM_CALL' },
};

/** Returns the type of a message as the API's answers name it. */
export function typeName({ type }: GhlMessage): string {
  return TYPES[type]?.name ?? `TYPE_${type.toUpperCase()}`;
}

/** Returns a message as the API shows it; `altId` only in lists (GHL API issue 38, and the spec has it nowhere). */
export function messageView(message: GhlMessage): Record<string, unknown> {
  const { id, locationId, contactId, conversationId, dateAdded, body, direction, status, source } = message;
  const { attachments, userId, conversationProviderId } = message;
  return {
    ...{ id, locationId, contactId, conversationId, dateAdded, body, direction, status, source },
    ...{ attachments, userId, conversationProviderId, contentType: 'text/plain' },
    type: TYPES[message.type]?.number ?? 1,
    messageType: typeName(message),
  };
}
