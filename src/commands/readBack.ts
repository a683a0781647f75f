import type { App } from '../app';
import type { GhlFact } from '../store/ghlFacts';

/** What GHL tells of its own messages and conversations, as far as it is used (GHL docs, webhooks). Never the text. */
export interface ReadBackPost {
  type: string;
  locationId?: string;
  /** Of the conversation, in a ConversationUnreadUpdate. */
  id?: string;
  messageId?: string;
  contactId?: string;
  conversationId?: string;
  conversationProviderId?: string;
  direction?: string;
  messageType?: string;
  status?: string;
  source?: string;
  unreadCount?: number;
  dateAdded?: string;
  timestamp?: string;
}

/** What became of an event: noted, or why it was not. */
export type ReadBack = 'noted' | 'no_subject' | 'other_location';

/** The events that are read back. They also come for our own posts, so nothing may ever be sent because of one. */
export const READ_BACK: ReadonlySet<string> = new Set([
  'InboundMessage',
  'OutboundMessage',
  'ConversationUnreadUpdate',
]);

/**
 * Notes in the store what GHL says is there, for comparison with the ledger, and does nothing else: it knows neither
 * the starter nor a gateway. The same event again changes nothing.
 */
export async function readBack({ store }: Pick<App, 'store'>, post: ReadBackPost): Promise<ReadBack> {
  const fact = factOf(post);
  if (fact === null || post.locationId === undefined) return 'no_subject';
  const isOurs = await store.ghlFacts.note({ locationId: post.locationId }, [fact]);
  return isOurs ? 'noted' : 'other_location';
}

/** A call or an e-mail may come without an id of its own: then there is nothing to compare. */
function factOf(post: ReadBackPost): GhlFact | null {
  const { contactId, conversationId, direction, status, source } = post;
  const at = timeOf(post.dateAdded ?? post.timestamp);
  if (post.type === 'ConversationUnreadUpdate') {
    if (post.id === undefined) return null;
    return { kind: 'conversation', ghlId: post.id, contactId, unread: post.unreadCount, at };
  }
  const { messageId, messageType: type, conversationProviderId: providerId } = post;
  if (messageId === undefined) return null;
  return {
    kind: 'message',
    ghlId: messageId,
    contactId,
    conversationId,
    direction,
    status,
    source,
    type,
    providerId,
    at,
  };
}

function timeOf(iso: string | undefined): number | undefined {
  const ms = Date.parse(iso ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
