import type { Scope, StoreContext, WakeRef } from '../context';
import { wakeRefOf } from '../lanes';
import type { ConnectionRow, LaneDbRow, MessageRow } from '../rows';

/** A wake-up this long past was missed: its run is gone, or it was never started. */
const OVERDUE_MS = 20_000;
/** A mark this old was left behind by a process that died between commit and signal. */
const LEFT_MARK_MS = 3_000;
const BATCH = 200;

/** Returns messages whose next wake-up was missed, oldest first. */
export async function overdueMessages(ctx: StoreContext): Promise<WakeRef[]> {
  const now = await ctx.db.now();
  const rows = await ctx.db
    .knex<MessageRow>('messages')
    .where('next_wake_at', '<', now - OVERDUE_MS)
    .orderBy('next_wake_at')
    .limit(BATCH);
  return rows.map(wakeRefOf);
}

/** Puts a message's next sweep off: somebody is seen to deal with it. */
export async function postponeSweep(ctx: StoreContext, scope: Scope, messageId: string, ms: number): Promise<void> {
  const now = await ctx.db.now();
  await ctx.db
    .knex<MessageRow>('messages')
    .where({ id: messageId, location_id: scope.locationId })
    .where('next_wake_at', '<', now)
    .update({ next_wake_at: now + ms });
}

/** Returns the heads that were marked and not signalled. */
export async function leftWakes(ctx: StoreContext): Promise<WakeRef[]> {
  const now = await ctx.db.now();
  const rows = await ctx.db
    .knex<LaneDbRow>('lanes as l')
    .join<MessageRow>('messages as m', 'm.id', 'l.wake_due_message')
    .where('l.wake_due_at', '<', now - LEFT_MARK_MS)
    .limit(BATCH)
    .select<(MessageRow & { marked_lane: string })[]>('m.*', 'l.id as marked_lane');
  return rows.map((row) => ({ ...wakeRefOf(row), laneId: row.marked_lane }));
}

/** Returns messages of which GHL should have been told by now. */
export async function untoldMessages(ctx: StoreContext): Promise<WakeRef[]> {
  const now = await ctx.db.now();
  const rows = await ctx.db
    .knex<MessageRow>('messages')
    .where('tell_due_at', '<', now - OVERDUE_MS)
    .orderBy('tell_due_at')
    .limit(BATCH);
  return rows.map(wakeRefOf);
}

/**
 * Returns the connections whose probe is due, oldest first, and puts each one's next probe off. Those of a location that
 * uninstalled the app stay due, and are asked first thing after a reinstall.
 */
export async function takeDueProbes(ctx: StoreContext): Promise<ConnectionRow[]> {
  return await ctx.db.tx(async (trx) => {
    const now = await ctx.db.now(trx);
    const rows = await trx<ConnectionRow>('connections')
      .where('probe_due_at', '<=', now)
      .whereNotExists((gone) => {
        const of = { 'l.state': 'uninstalled', 'l.location_id': trx.ref('connections.location_id') };
        void gone.from('locations as l').where(of);
      })
      .orderBy('probe_due_at')
      .limit(BATCH)
      .forUpdate();
    const next = { probe_due_at: now + ctx.timings.probeIntervalMs };
    await trx<ConnectionRow>('connections')
      .whereIn(
        'id',
        rows.map((row) => row.id),
      )
      .update(next);
    return rows;
  });
}

/** Makes a connection's probe due now: the gateway said that something changed. */
export async function askProbe(ctx: StoreContext, scope: Scope, connectionId: string): Promise<void> {
  const now = await ctx.db.now();
  await ctx.db
    .knex<ConnectionRow>('connections')
    .where({ id: connectionId, location_id: scope.locationId })
    .update({ probe_due_at: now });
}
