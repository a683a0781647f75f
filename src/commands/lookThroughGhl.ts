import type { App } from '../app';
import { EDGE_MS } from '../domain/outage';
import type { GhlAccess } from '../ghl/access';
import { CONVERSATIONS_A_PAGE, type ListedMessage, type RecentConversation } from '../ghl/recentMessages';
import type { GhlFact } from '../store/ghlFacts';
import { placeOf, type LookPlace, type OutageRow } from '../store/reconcile/outages';

/** How far a look through GHL has come. */
export type Looked =
  | { kind: 'more'; place: LookPlace }
  /** `whole` false: GHL does not say how to go on, or more happened there than is looked at. */
  | { kind: 'done'; whole: boolean };

/** A location in which over twenty conversations change between two requests, again and again, is never seen whole. */
const MOST_PASSES = 10;

/**
 * Notes as facts what stands in one page of a location's conversations since an outage began. Returns whether there is
 * more. Throws what the client throws; nothing is lost then, the page is read again.
 */
export async function lookThroughGhl(
  app: Pick<App, 'ghl' | 'store'>,
  access: GhlAccess,
  outage: OutageRow,
): Promise<Looked> {
  const place = placeOf(outage);
  const scope = { locationId: outage.location_id };
  const page = await app.ghl.recentConversations(access, { ...scope, before: place.lookedTo ?? undefined });
  const floor = place.floor ?? outage.from_at - EDGE_MS;
  const below = page.findIndex(({ lastMessageAt }) => lastMessageAt !== null && lastMessageAt < floor);
  let { cut } = place;
  for (const { conversationId } of below < 0 ? page : page.slice(0, below)) {
    if (!(await noteConversation(app, access, outage, conversationId))) cut = true;
  }
  const top = place.lookedTo === null ? (page[0]?.lastMessageAt ?? null) : place.top;
  const isEnd = below >= 0 || page.length < CONVERSATIONS_A_PAGE;
  return isEnd ? afterPass({ ...place, top, cut }) : afterPage({ ...place, top, cut }, page);
}

/** Notes what a conversation has since the outage began; one that is gone has nothing. Returns whether that is all. */
async function noteConversation(
  { ghl, store }: Pick<App, 'ghl' | 'store'>,
  access: GhlAccess,
  outage: OutageRow,
  conversationId: string,
): Promise<boolean> {
  const recent = await ghl.recentMessages(access, conversationId, outage.from_at - EDGE_MS);
  if (recent === null) return true;
  const facts = recent.messages.map((message) => factOf(message, conversationId));
  await store.ghlFacts.note({ locationId: outage.location_id }, facts);
  return recent.whole;
}

/** One page is one moment: nothing has jumped over it. After several, those are looked for that have. */
function afterPass(place: LookPlace): Looked {
  if (place.lookedTo === null || place.top === null) return { kind: 'done', whole: !place.cut };
  const pass = place.pass + 1;
  if (pass >= MOST_PASSES) return { kind: 'done', whole: false };
  return { kind: 'more', place: { ...place, lookedTo: null, pass, top: null, floor: place.top } };
}

function afterPage(place: LookPlace, page: readonly RecentConversation[]): Looked {
  const last = page.at(-1)?.lastMessageAt ?? null;
  // Others may have their last message in that very millisecond; a whole page of one would be asked for again and again.
  const lookedTo = last === null ? null : last + 1;
  if (lookedTo === null || lookedTo === place.lookedTo) return { kind: 'done', whole: false };
  return { kind: 'more', place: { ...place, lookedTo } };
}

function factOf({ messageId, ...listed }: ListedMessage, conversationId: string): GhlFact {
  return { kind: 'message', ghlId: messageId, conversationId, ...listed };
}
