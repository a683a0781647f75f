import type { Scope, StoreContext } from '../context';

/** A time in which posts may have been lost: of the bridge, or of one number; and what was found of it. */
export interface OutageRow {
  id: string;
  location_id: string;
  /** Null: the bridge itself was away. */
  connection_id: string | null;
  from_at: number;
  to_at: number;
  tries: number;
  due_at: number | null;
  /** How far GHL's conversations were looked through. */
  looked_to: number | null;
  look_pass: number;
  look_top: number | null;
  look_floor: number | null;
  look_cut: 0 | 1;
  done_at: number | null;
  /** How many statuses GHL is told again. */
  retold: number | null;
  /** How many sends had no receipt for longer than RECEIPT_ALARM_MS. */
  unreceipted: number | null;
  /** 0: GHL could not be looked through to the beginning of the outage. */
  whole: 0 | 1;
}

/**
 * How far a look through a location's conversations has come. They are listed with the latest message first, so one that
 * gets a message meanwhile jumps over the place that was reached: after the first pass others look for those alone.
 */
export interface LookPlace {
  /** The next page holds those with a last message of before this time; null: a pass begins. */
  lookedTo: number | null;
  /** How many passes were ended. */
  pass: number;
  /** The latest message that this pass has seen; and how far down it goes, null: to the outage's beginning. */
  top: number | null;
  floor: number | null;
  /** True: of a conversation not everything was seen. */
  cut: boolean;
}

/** Returns how far a row's look has come. */
export function placeOf(row: OutageRow): LookPlace {
  const { looked_to: lookedTo, look_pass: pass, look_top: top, look_floor: floor, look_cut } = row;
  return { lookedTo, pass, top, floor, cut: look_cut === 1 };
}

/** Longer than a look at one page of conversations takes. */
const TAKEN_MS = 180_000;

/** Takes (at most `limit`) outages that are to be looked at, longest due first; one process gets each. */
export async function takeDueOutages(ctx: StoreContext, limit: number): Promise<OutageRow[]> {
  const now = await ctx.db.now();
  const due = await ctx.db
    .knex<OutageRow>('outages')
    .where('due_at', '<=', now)
    .orderBy([{ column: 'due_at' }, { column: 'id' }])
    .limit(limit);
  const taken: OutageRow[] = [];
  for (const row of due) {
    const change = { due_at: now + TAKEN_MS, tries: row.tries + 1 };
    const mine = await ctx.db
      .knex<OutageRow>('outages')
      .where({ id: row.id, due_at: row.due_at, tries: row.tries })
      .update(change);
    if (mine === 1) taken.push({ ...row, ...change });
  }
  return taken;
}

/** Puts the rest of a look off by `waitMs`; `place`: how far it has come, where it has. */
export async function goOnLooking(
  ctx: StoreContext,
  scope: Scope,
  outageId: string,
  rest: { waitMs: number; place?: LookPlace },
): Promise<void> {
  const now = await ctx.db.now();
  const came = rest.place === undefined ? {} : { ...columnsOf(rest.place), tries: 0 };
  await ctx.db
    .knex<OutageRow>('outages')
    .where({ id: outageId, location_id: scope.locationId, done_at: null })
    .update({ due_at: now + rest.waitMs, ...came });
}

function columnsOf({ lookedTo, pass, top, floor, cut }: LookPlace): Partial<OutageRow> {
  return { looked_to: lookedTo, look_pass: pass, look_top: top, look_floor: floor, look_cut: cut ? 1 : 0 };
}

/** What a look has found. */
export type Found = Pick<OutageRow, 'retold' | 'unreceipted'> & { whole: boolean };

/** Writes down what was found of an outage; nobody looks at it again. */
export async function finishOutage(
  ctx: StoreContext,
  scope: Scope,
  outageId: string,
  { whole, ...found }: Found,
): Promise<void> {
  const now = await ctx.db.now();
  await ctx.db
    .knex<OutageRow>('outages')
    .where({ id: outageId, location_id: scope.locationId, done_at: null })
    .update({ ...found, whole: whole ? 1 : 0, due_at: null, done_at: now });
}

/** Returns all outages of all locations, the latest first, at most 100: the operator's view. */
export async function listOutages(ctx: StoreContext): Promise<OutageRow[]> {
  return await ctx.db
    .knex<OutageRow>('outages')
    .orderBy([
      { column: 'to_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(100);
}
