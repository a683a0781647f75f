import type { Knex } from 'knex';
import type { Scope, StoreContext, Trx, WakeRef } from '../context';
import { lockLane, wakeHead, wakeRefOf } from '../lanes';
import type { LaneDbRow, MessageRow } from '../rows';

/** Marks everything of a location that its new access sets going. Returns whom to wake. */
export async function wakeLocation(ctx: StoreContext, trx: Trx, scope: Scope): Promise<WakeRef[]> {
  return [...(await wakeLanes(ctx, trx, scope)), ...(await wakeUntold(ctx, trx, scope))];
}

/** Marks the heads of a location's lanes. Returns whom to wake. */
export async function wakeLanes(ctx: StoreContext, trx: Trx, scope: Scope): Promise<WakeRef[]> {
  const lanes = await lockLanes(trx, scope);
  const now = await ctx.db.now(trx);
  const wakes: WakeRef[] = [];
  for (const lane of lanes) {
    const wake = await wakeHead(ctx, trx, lane.id, now);
    if (wake !== null) wakes.push(wake);
  }
  return wakes;
}

/** Locks the lanes of a location's numbers, and whichever else has something unfinished. Returns them as they were found. */
export async function lockLanes(trx: Trx, scope: Scope): Promise<LaneDbRow[]> {
  // Found without locks, then locked by their key, parking first: a locking search would wait for others' lanes too.
  const parkingFirst = [{ column: 'kind', order: 'desc' as const }, { column: 'id' }];
  const waiting = trx<MessageRow>('messages').where({ location_id: scope.locationId, open: 1 }).select('lane_id');
  const lanes = await trx<LaneDbRow>('lanes')
    .where({ location_id: scope.locationId })
    .where((one) => void one.where({ kind: 'outbound' }).orWhereIn('id', waiting))
    .orderBy(parkingFirst);
  for (const lane of lanes) await lockLane(trx, lane.id);
  return lanes;
}

/** So many are woken at once; the sweeper finds the others by their mark. */
const UNTOLD_AT_ONCE = 200;

/** Marks every message of which GHL knows less than the ledger; while no token was left it could not be told. */
async function wakeUntold(ctx: StoreContext, trx: Trx, scope: Scope): Promise<WakeRef[]> {
  const untold = (): Knex.QueryBuilder<MessageRow> =>
    trx<MessageRow>('messages')
      .where({ location_id: scope.locationId, direction: 'outbound', open: 0, tell_due_at: null })
      .whereNotNull('ghl_message_id')
      .whereIn('state', ['failed', 'cancelled', 'unknown', 'delivered', 'read'])
      .whereNot({ told: 'failed' })
      .whereRaw('told <> state');
  const rows = (await untold().orderBy('accepted_at').limit(UNTOLD_AT_ONCE)) as MessageRow[];
  await untold().update({ tell_due_at: await ctx.db.now(trx) });
  return rows.map((row) => ({ ...wakeRefOf(row), claimed: true }));
}
