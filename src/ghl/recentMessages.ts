import { z } from 'zod';
import type { GhlAccess } from './access';
import type { GhlHttp } from './http';
import { CONVERSATIONS_VERSION } from './operations';
import { pathId } from './pathId';
import { maybe, needed, readAnswer } from './shapes';

/** A conversation as the search lists it. */
export interface RecentConversation {
  conversationId: string;
  /** Epoch milliseconds; null where GHL does not say (its spec has the field elsewhere only; observed in its answers). */
  lastMessageAt: number | null;
}

/** A message as a conversation lists it, without its text. */
export interface ListedMessage {
  messageId: string;
  direction?: string;
  type?: string;
  status?: string;
  source?: string;
  providerId?: string;
  contactId?: string;
  /** Epoch milliseconds. */
  at: number;
}

export interface RecentMessages {
  messages: ListedMessage[];
  /** False: there are more since then than were asked for. */
  whole: boolean;
}

export interface RecentMessagesApi {
  /**
   * Returns a page (20) of a location's conversations, those with the latest message first; `before`: whose last message
   * is older than this (epoch ms). Throws the general codes.
   */
  recentConversations(access: GhlAccess, query: { locationId: string; before?: number }): Promise<RecentConversation[]>;
  /**
   * Returns the messages of a conversation since a time, newest first, at most 100; null: it was deleted meanwhile. Throws
   * the general codes.
   */
  recentMessages(access: GhlAccess, conversationId: string, sinceMs: number): Promise<RecentMessages | null>;
}

/** The page size that GHL has where none is asked for (GHL docs, search conversations). */
export const CONVERSATIONS_A_PAGE = 20;
const MESSAGES_A_PAGE = 100;

const time = z
  .union([z.string(), z.number()])
  .transform((value) => new Date(value).getTime())
  .refine((ms) => !Number.isNaN(ms))
  .optional()
  .catch(undefined);
const searchShape = z.object({ conversations: z.array(z.object({ id: needed, lastMessageDate: time })) });
const messageShape = z.object({
  id: needed,
  direction: maybe,
  messageType: maybe,
  status: maybe,
  source: maybe,
  conversationProviderId: maybe,
  contactId: maybe,
  dateAdded: time,
});
const pageShape = z.object({ messages: z.array(messageShape), nextPage: z.boolean().catch(false) });
/** GHL's spec has the page flat; its answers wrap it in `messages` (observed). */
const listShape = z.union([z.object({ messages: pageShape }).transform((body) => body.messages), pageShape]);

/** Returns the endpoints that tell what stands in GHL. */
export function createRecentMessagesApi(http: GhlHttp): RecentMessagesApi {
  const get = { method: 'GET', version: CONVERSATIONS_VERSION } as const;
  return {
    async recentConversations(access, { locationId, before }) {
      const sorted = { sortBy: 'last_message_date', sort: 'desc', limit: String(CONVERSATIONS_A_PAGE) };
      const query = { locationId, ...sorted, startAfterDate: before === undefined ? undefined : String(before) };
      const search = { operation: 'conversation.search', path: '/conversations/search', access, query } as const;
      const answer = await http.request({ ...get, ...search });
      const { conversations } = readAnswer('conversation.search', searchShape, answer);
      return conversations.map(({ id, lastMessageDate }) => ({
        ...{ conversationId: id, lastMessageAt: lastMessageDate ?? null },
      }));
    },

    async recentMessages(access, conversationId, sinceMs) {
      const path = `/conversations/${pathId(conversationId)}/messages`;
      const query = { limit: String(MESSAGES_A_PAGE) };
      const tolerate = ({ status }: { status: number }): boolean => status === 404;
      const answer = await http.request({ ...get, operation: 'message.list', path, access, query, tolerate });
      return answer.status === 404 ? null : since(readAnswer('message.list', listShape, answer), sinceMs);
    },
  };
}

function since({ messages, nextPage }: z.infer<typeof pageShape>, sinceMs: number): RecentMessages {
  const recent = messages.flatMap(({ dateAdded: at, ...message }): ListedMessage[] => {
    if (at === undefined || at < sinceMs) return [];
    const { id: messageId, messageType: type, conversationProviderId: providerId, ...rest } = message;
    const { direction, status, source, contactId } = rest;
    return [{ messageId, type, providerId, direction, status, source, contactId, at }];
  });
  const hasMore = nextPage || messages.length >= MESSAGES_A_PAGE;
  return { messages: recent, whole: !hasMore || recent.length < messages.length };
}
