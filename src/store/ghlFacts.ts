import type { Scope, StoreContext } from './context';
import type { LocationRow, MessageRow } from './rows';

/** That something stands in GHL: for comparison with the ledger alone; no text, and nothing is ever sent because of it. */
export interface GhlFact {
  kind: 'message' | 'conversation';
  /** GHL's id of the message or conversation. */
  ghlId: string;
  direction?: string;
  type?: string;
  status?: string;
  /** Who made it: `app`, `api`, `workflow`, ... */
  source?: string;
  providerId?: string;
  contactId?: string;
  conversationId?: string;
  unread?: number;
  /** GHL's own time, epoch milliseconds; absent: now. */
  at?: number;
}

interface FactRow {
  location_id: string;
  kind: GhlFact['kind'];
  ghl_id: string;
  direction: string | null;
  type: string | null;
  status: string | null;
  source: string | null;
  provider_id: string | null;
  contact_id: string | null;
  conversation_id: string | null;
  unread: number | null;
  at: number;
  seen_at: number;
  updated_at: number;
}

/**
 * Notes facts of a location; the same thing once more changes what it says, and keeps what it is silent about and when it
 * was seen first. Returns false, and notes nothing, for a location that nobody has installed.
 */
export async function noteFacts(ctx: StoreContext, scope: Scope, facts: readonly GhlFact[]): Promise<boolean> {
  return await ctx.db.tx(async (trx) => {
    const location = await trx<LocationRow>('locations').where({ location_id: scope.locationId }).first('state');
    if (location === undefined || ['unknown', 'uninstalled'].includes(location.state)) return false;
    const now = await ctx.db.now(trx);
    for (const fact of facts) {
      const row = rowOf(scope, fact, now);
      const insert = trx<FactRow>('ghl_facts').insert(row).onConflict(['location_id', 'kind', 'ghl_id']);
      await insert.merge(saidBy(fact, row));
    }
    return true;
  });
}

/** Returns the columns of which a fact says something: an event may lack what the listing has told. */
function saidBy(fact: GhlFact, { location_id: _location, kind: _kind, ghl_id: _id, seen_at: _seen, ...row }: FactRow) {
  const said = Object.entries(row).filter(([, value]) => value !== null);
  return Object.fromEntries(said.filter(([column]) => column !== 'at' || fact.at !== undefined)) as Partial<FactRow>;
}

function rowOf(scope: Scope, fact: GhlFact, now: number): FactRow {
  const short = (text: string | undefined, longest: number): string | null => text?.slice(0, longest) ?? null;
  return {
    ...{ location_id: scope.locationId, kind: fact.kind, ghl_id: fact.ghlId },
    direction: short(fact.direction, 16),
    type: short(fact.type, 64),
    status: short(fact.status, 16),
    source: short(fact.source, 32),
    provider_id: fact.providerId ?? null,
    contact_id: fact.contactId ?? null,
    conversation_id: fact.conversationId ?? null,
    unread: fact.unread ?? null,
    ...{ at: fact.at ?? now, seen_at: now, updated_at: now },
  };
}

/** A message that an agent sees as sent in GHL and that was never posted to us. */
export interface Unreceived {
  ghlMessageId: string;
  contactId: string | null;
  /** Epoch milliseconds. */
  at: number;
}

/**
 * Returns the messages of our providers that stood in GHL as pending between two times and that the ledger does not
 * have, oldest first, at most 500. One that GHL posts after all is out of the list by itself.
 */
export async function unreceivedMessages(
  ctx: StoreContext,
  scope: Scope,
  window: { from: number; to: number; providerIds: readonly string[] },
): Promise<Unreceived[]> {
  const rows = await ctx.db
    .knex<FactRow>('ghl_facts as f')
    .where('f.location_id', scope.locationId)
    .where('f.kind', 'message')
    .where('f.direction', 'outbound')
    // What was only logged there (typed on the phone) has another status.
    .where('f.status', 'pending')
    .whereBetween('f.at', [window.from, window.to])
    .whereIn('f.provider_id', window.providerIds)
    .whereNotExists((known) => {
      void known
        .from<MessageRow>('messages as m')
        .whereRaw('m.location_id = f.location_id')
        .whereRaw('m.ghl_message_id = f.ghl_id');
    })
    .orderBy([{ column: 'f.at' }, { column: 'f.ghl_id' }])
    .limit(500)
    .select<FactRow[]>('f.*');
  return rows.map(({ ghl_id, contact_id, at }) => ({ ghlMessageId: ghl_id, contactId: contact_id, at }));
}

const BATCH = 500;

/** Forgets facts that are older than `keepMs`, at most 500. Returns how many. */
export async function expireFacts(ctx: StoreContext, keepMs: number): Promise<number> {
  const now = await ctx.db.now();
  const old = ctx.db.knex<FactRow>('ghl_facts').where('seen_at', '<', now - keepMs);
  const rows = await old.orderBy('seen_at').limit(BATCH).select('location_id', 'kind', 'ghl_id');
  for (const row of rows) await ctx.db.knex<FactRow>('ghl_facts').where(row).delete();
  return rows.length;
}
