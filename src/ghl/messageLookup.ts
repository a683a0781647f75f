import { z } from 'zod';
import type { GhlAccess } from './access';
import type { GhlHttp } from './http';
import { CONVERSATIONS_VERSION } from './operations';
import { pathId } from './pathId';
import { maybe, needed, readAnswer } from './shapes';

export interface MessageQuery {
  locationId: string;
  contactId: string;
  /** Saves the search, which may lag behind a conversation that the post itself created. */
  conversationId?: string;
  altId: string;
  direction: 'inbound' | 'outbound';
  /** The text that was posted; without it only the altId can match. */
  text?: string;
  /** The `date` that was posted, epoch milliseconds: older messages can not be ours. */
  sinceMs: number;
  /** Tells of a message with that text whether it is known as another one; none is unless told. */
  isOther?: (ghlMessageId: string) => Promise<boolean>;
}

/** GHL's default; the highest allowed size is not documented. */
const PAGE_SIZE = 20;
/** Pages that are read at most. */
const MAX_PAGES = 10;

/** GHL's clock and rounding: a message may be listed with a time that is this much older than the one posted. */
const ROUNDING_MS = 999;

const messageShape = z.object({
  id: needed,
  altId: maybe,
  body: maybe,
  direction: maybe,
  dateAdded: z.union([z.string(), z.number()]).optional().catch(undefined),
});
/** A message as GHL lists it. */
export type Listed = z.infer<typeof messageShape>;

const pageShape = z.object({
  messages: z.array(messageShape),
  lastMessageId: maybe,
  nextPage: z.boolean().catch(false),
});

/** GHL's spec has the page flat; its answers wrap it in `messages` (observed). */
const listShape = z.union([z.object({ messages: pageShape }).transform((body) => body.messages), pageShape]);

const searchShape = z.object({ conversations: z.array(z.object({ id: needed, contactId: maybe })) });

/**
 * Returns the GHL id of a message that was posted with this altId, or null when it is not listed; needs the scopes
 * `conversations.readonly` and `conversations/message.readonly`. Meant for after a post whose outcome is not known.
 *
 * Certain: a listed message with this altId is ours (GHL's staff: the listing carries altId since June 2025).
 * Likely only: where the listing carries no altId at all, the oldest message of the same direction and text that is not
 * older than `sinceMs` and not known as another one. Not certain: null, for GHL writes with a delay of seconds; ask again before posting again.
 */
export async function findMessageByAltId(
  http: GhlHttp,
  access: GhlAccess,
  query: MessageQuery,
): Promise<string | null> {
  const conversationIds =
    query.conversationId === undefined ? await searchConversations(http, access, query) : [query.conversationId];
  for (const conversationId of conversationIds) {
    const listed = await listMessages(http, access, conversationId, query.sinceMs);
    const match = await matchOf(listed, query);
    if (match !== undefined) return match.id;
  }
  return null;
}

/** Returns the id of a contact's conversation, or null when the search does not show one (yet). */
export async function findConversation(
  http: GhlHttp,
  access: GhlAccess,
  query: Pick<MessageQuery, 'locationId' | 'contactId'>,
): Promise<string | null> {
  return (await searchConversations(http, access, query))[0] ?? null;
}

/** Returns all messages of a conversation, newest first; null: there are more than are looked through. */
export async function listConversation(http: GhlHttp, access: GhlAccess, id: string): Promise<Listed[] | null> {
  const listed = await listMessages(http, access, id, 0);
  return listed.length < MAX_PAGES * PAGE_SIZE ? listed : null;
}

async function searchConversations(
  http: GhlHttp,
  access: GhlAccess,
  query: Pick<MessageQuery, 'locationId' | 'contactId'>,
): Promise<string[]> {
  const answer = await http.request({
    operation: 'conversation.search',
    method: 'GET',
    path: '/conversations/search',
    version: CONVERSATIONS_VERSION,
    access,
    query: { locationId: query.locationId, contactId: query.contactId },
  });
  const { conversations } = readAnswer('conversation.search', searchShape, answer);
  return conversations.filter(({ contactId }) => contactId === query.contactId).map(({ id }) => id);
}

/** Newest first, page by page, until a page holds only what is older than asked for. */
async function listMessages(http: GhlHttp, access: GhlAccess, id: string, sinceMs: number): Promise<Listed[]> {
  const listed: Listed[] = [];
  let lastMessageId: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const answer = await http.request({
      operation: 'message.list',
      method: 'GET',
      path: `/conversations/${pathId(id)}/messages`,
      version: CONVERSATIONS_VERSION,
      access,
      query: { lastMessageId },
    });
    const page = readAnswer('message.list', listShape, answer);
    listed.push(...page.messages);
    lastMessageId = page.lastMessageId;
    const isPast = page.messages.every((message) => !isSince(message, sinceMs));
    if (isPast || !page.nextPage || lastMessageId === undefined) break;
  }
  return listed;
}

function isSince(message: Listed, sinceMs: number): boolean {
  const atMs = new Date(message.dateAdded ?? Number.NaN).getTime();
  return atMs >= sinceMs - ROUNDING_MS;
}

/** The text decides only where no message of the listing carries an altId: two equal texts are two messages. */
async function matchOf(listed: Listed[], query: MessageQuery): Promise<Listed | undefined> {
  const byAltId = listed.find(({ altId }) => altId === query.altId);
  if (byAltId !== undefined || query.text === undefined || listed.some(({ altId }) => altId !== undefined)) {
    return byAltId;
  }
  const sameText = listed.filter(
    (message) =>
      message.direction === query.direction && message.body === query.text && isSince(message, query.sinceMs),
  );
  for (const message of sameText.reverse()) {
    if (!(await query.isOther?.(message.id))) return message;
  }
  return undefined;
}
