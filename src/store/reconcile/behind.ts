import type { Scope, StoreContext } from '../context';
import { ownSettingsOf } from '../ownSettings';
import type { ConnectionRow, LocationRow, MessageRow, PartRow } from '../rows';

const DAY_MS = 86_400_000;
const MOST = 1_000;

/** Of these GHL has to know. */
const TOLD_STATES: MessageRow['state'][] = ['delivered', 'read', 'failed', 'unknown', 'cancelled'];

/**
 * Makes due again what GHL was not told of a location's messages: statuses that were given up, from a day before an
 * outage on. The sweeper wakes their runs. Returns how many (at most 1,000, the oldest first).
 */
export async function retellBehind(ctx: StoreContext, scope: Scope, fromMs: number): Promise<number> {
  const now = await ctx.db.now();
  const rows = await ctx.db
    .knex<MessageRow>('messages')
    .where({ location_id: scope.locationId, direction: 'outbound', tell_due_at: null })
    .whereIn('state', TOLD_STATES)
    .whereNotNull('ghl_message_id')
    .whereNot({ told: 'failed' })
    .whereRaw('told <> state')
    .where('state_since', '>=', fromMs - DAY_MS)
    .orderBy([{ column: 'state_since' }, { column: 'id' }])
    .limit(MOST)
    .select('id');
  const behind = rows.map(({ id }) => id);
  return await ctx.db
    .knex<MessageRow>('messages')
    .whereIn('id', behind)
    .where({ location_id: scope.locationId, tell_due_at: null })
    .update({ tell_due_at: now });
}

/**
 * Returns how many parts of a location, or of one of its numbers, were sent and have had no receipt for longer than
 * RECEIPT_ALARM_MS, or what was set in place of it. Groups send none.
 */
export async function countUnreceipted(ctx: StoreContext, scope: Scope, connectionId: string | null): Promise<number> {
  const { knex } = ctx.db;
  const now = await ctx.db.now();
  const own = { location_id: scope.locationId };
  const location = await knex<LocationRow>('locations').where(own).first('settings');
  const which = connectionId === null ? own : { ...own, id: connectionId };
  let count = 0;
  for (const connection of await knex<ConnectionRow>('connections').where(which)) {
    const { receiptAlarmMs = ctx.timings.receiptAlarmMs } = ownSettingsOf(connection, location);
    const row = await knex<PartRow>('message_parts')
      .where({ connection_id: connection.id, state: 'sent', to_group: 0 })
      .where('written_at', '<', now - receiptAlarmMs)
      .count<{ n: number | string }[]>({ n: '*' })
      .first();
    count += Number(row?.n ?? 0);
  }
  return count;
}
