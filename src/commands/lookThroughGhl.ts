import type { App } from '../app';
import { EDGE_MS } from '../domain/outage';
import type { GhlAccess } from '../ghl/access';
import { CONVERSATIONS_A_PAGE, type ListedMessage } from '../ghl/recentMessages';
import type { GhlFact } from '../store/ghlFacts';
import type { OutageRow } from '../store/reconcile/outages';

/** How far a look through GHL has come. */
export type Looked =
  | { kind: 'more'; lookedTo: number }
  /** `whole` false: GHL does not say how to go on. */
  | { kind: 'done'; whole: boolean };

/**
 * Notes as facts what stands in one page of a location's conversations since an outage began. Returns whether there is
 * more. Throws what the client throws; nothing is lost then, the page is read again.
 */
export async function lookThroughGhl(
  { ghl, store }: Pick<App, 'ghl' | 'store'>,
  access: GhlAccess,
  outage: OutageRow,
): Promise<Looked> {
  const since = outage.from_at - EDGE_MS;
  const scope = { locationId: outage.location_id };
  const page = await ghl.recentConversations(access, { ...scope, before: outage.looked_to ?? undefined });
  for (const { conversationId, lastMessageAt } of page) {
    if (lastMessageAt !== null && lastMessageAt < since) return { kind: 'done', whole: true };
    const listed = await ghl.recentMessages(access, conversationId, since);
    await store.ghlFacts.note(
      scope,
      listed.map((message) => factOf(message, conversationId)),
    );
  }
  if (page.length < CONVERSATIONS_A_PAGE) return { kind: 'done', whole: true };
  const lookedTo = page.at(-1)?.lastMessageAt ?? null;
  // Twenty conversations of one millisecond would be asked for again and again.
  if (lookedTo === null || lookedTo === outage.looked_to) return { kind: 'done', whole: false };
  return { kind: 'more', lookedTo };
}

function factOf({ messageId, ...listed }: ListedMessage, conversationId: string): GhlFact {
  return { kind: 'message', ghlId: messageId, conversationId, ...listed };
}
