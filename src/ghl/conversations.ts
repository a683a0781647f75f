import { z } from 'zod';
import { DomainError } from '../domain/errors';
import type { GhlAccess } from './access';
import type { GhlHttp } from './http';
import {
  findConversation,
  findMessageByAltId,
  listConversation,
  type Listed,
  type MessageQuery,
} from './messageLookup';
import { CONVERSATIONS_VERSION } from './operations';
import { pathId } from './pathId';
import { maybe, needed, readAnswer } from './shapes';

export interface StatusUpdate {
  status: 'pending' | 'delivered' | 'read' | 'failed';
  /** With `failed`: what the agent reads. GHL's spec requires all three. */
  error?: { code: string; type: string; message: string };
}

export interface InboundMessage {
  /** `Custom` belongs to an extra provider and needs its id; GHL swallows it silently without one. */
  type: 'SMS' | 'Email' | 'Custom' | 'WhatsApp';
  contactId: string;
  conversationId?: string;
  conversationProviderId?: string;
  /** Left out when empty (attachments alone). */
  message?: string;
  /** The other side's message id; an agent's reply names it as `replyToAltId`. No idempotency key. */
  altId: string;
  /** When it was written, ISO 8601. */
  date: string;
  /** `outbound` only logs a message (typed on the phone); it is not delivered and calls no Delivery URL. */
  direction: 'inbound' | 'outbound';
  /** Public addresses. */
  attachments?: string[];
}

export interface PostedMessage {
  messageId: string;
  /** Null when GHL's answer does not name it. */
  conversationId: string | null;
  contactId?: string;
}

export interface ConversationsApi {
  /**
   * Sets what GHL shows of a message. Only a location token of the app that owns the provider may do so.
   * Throws `ghl_status_too_early` (retry for a few minutes), `ghl_message_not_found` and the general codes.
   */
  updateMessageStatus(access: GhlAccess, messageId: string, update: StatusUpdate): Promise<void>;
  /**
   * Adds a message to a conversation. Throws `ghl_contact_gone` (resolve the contact anew), `ghl_conversation_gone`
   * (post without it), `ghl_invalid_provider`, and with retry `ambiguous` `ghl_unavailable` and `ghl_empty_answer`:
   * then look for it with `findMessageByAltId` before posting again.
   */
  addInboundMessage(access: GhlAccess, message: InboundMessage): Promise<PostedMessage>;
  /** Looks up a message that may have been posted. Returns its id, or null when it is not listed (yet). */
  findMessageByAltId(access: GhlAccess, query: MessageQuery): Promise<string | null>;
  /** Returns the id of a contact's conversation, or null when it has none (yet: the search lags by seconds). */
  findConversation(access: GhlAccess, query: { locationId: string; contactId: string }): Promise<string | null>;
  /** Returns all messages of a conversation, newest first, or null when it has more than are looked through. */
  listConversation(access: GhlAccess, conversationId: string): Promise<Listed[] | null>;
  /** Sets a conversation's count of unread messages to 0. Throws the general codes. */
  markRead(access: GhlAccess, query: { locationId: string; conversationId: string }): Promise<void>;
  /** Deletes a conversation with all that is in it; one that is gone already is well. Throws the general codes. */
  deleteConversation(access: GhlAccess, conversationId: string): Promise<void>;
}

/** A claim's lease is not to run out over a mere count. */
const MARK_READ_MS = 3_000;

const postedShape = z.object({ messageId: needed, conversationId: maybe, contactId: maybe });

/** Returns the conversation endpoints. */
export function createConversationsApi(http: GhlHttp): ConversationsApi {
  return {
    async updateMessageStatus(access, messageId, { status, error }) {
      // The answer is not read: its fields vary, and a status that was set twice does no harm.
      await http.request({
        operation: 'message.status',
        method: 'PUT',
        path: `/conversations/messages/${pathId(messageId)}/status`,
        version: CONVERSATIONS_VERSION,
        access,
        json: { status, error },
      });
    },

    async addInboundMessage(access, message) {
      refuseLostMessage(message);
      const answer = await http.request({
        operation: 'message.inbound',
        method: 'POST',
        path: '/conversations/messages/inbound',
        version: CONVERSATIONS_VERSION,
        access,
        json: inboundBody(message),
      });
      const posted = readAnswer('message.inbound', postedShape, answer);
      return { ...posted, conversationId: posted.conversationId ?? message.conversationId ?? null };
    },

    findMessageByAltId: (access, query) => findMessageByAltId(http, access, query),
    findConversation: (access, query) => findConversation(http, access, query),
    listConversation: (access, conversationId) => listConversation(http, access, conversationId),

    async markRead(access, { locationId, conversationId }) {
      await http.request({
        operation: 'conversation.update',
        method: 'PUT',
        path: `/conversations/${pathId(conversationId)}`,
        version: CONVERSATIONS_VERSION,
        access,
        timeoutMs: MARK_READ_MS,
        json: { locationId, unreadCount: 0 },
      });
    },

    async deleteConversation(access, conversationId) {
      await http.request({
        operation: 'conversation.delete',
        method: 'DELETE',
        path: `/conversations/${pathId(conversationId)}`,
        version: CONVERSATIONS_VERSION,
        access,
        tolerate: ({ status }) => status === 404,
      });
    },
  };
}

/** GHL answers such a post with 201 and stores nothing (observed). */
function refuseLostMessage({ type, conversationProviderId }: InboundMessage): void {
  if (type !== 'Custom' || conversationProviderId !== undefined) return;
  const words = 'A message of type Custom needs the id of its conversation provider.';
  throw new DomainError('ghl_invalid_provider', 'never', words);
}

/** Field by field, because GHL refuses unknown properties. */
function inboundBody(message: InboundMessage): Record<string, unknown> {
  const { type, contactId, conversationId, conversationProviderId, altId, date, direction, attachments } = message;
  const text = message.message === '' ? undefined : message.message;
  const files = attachments?.length === 0 ? undefined : attachments;
  const ids = { contactId, conversationId, conversationProviderId, altId };
  return { type, ...ids, message: text, date, direction, attachments: files };
}
