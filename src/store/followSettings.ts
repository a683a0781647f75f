import { BULK_RANK, type MessageClass } from '../domain/laneRules';
import type { StoreContext, Trx, WakeRef } from './context';
import { findConnection } from './find';
import { wakeHead } from './lanes';
import { rulesOf } from './laneRules';
import { ackedParts, confirmAll } from './messages/confirmAcked';
import { ownSettingsOf } from './ownSettings';
import { receiptModeOf } from './receiptNotes';
import type { ConnectionRow, LaneDbRow, LocationRow, MessageRow } from './rows';

/**
 * Lets what is in a lane follow settings that were just written, under the lane's lock: its head, holds, and what waits
 * for a receipt that does not count any more. Returns whom to wake.
 */
export async function followSettings(ctx: StoreContext, trx: Trx, lane: LaneDbRow): Promise<WakeRef[]> {
  const now = await ctx.db.now(trx);
  const connection = await findConnection(trx, lane.connection_id);
  const location = await trx<LocationRow>('locations').where({ location_id: lane.location_id }).first();
  await endHoldsSooner(ctx, trx, lane, connection, location);
  const confirmed = await confirmByMode(ctx, trx, lane, connection, location, now);
  const head = await wakeHead(ctx, trx, lane.id, now);
  return head === null ? confirmed : [head, ...confirmed];
}

/** Where no receipt is waited for any more, an ack that came before is the delivery. */
async function confirmByMode(
  ctx: StoreContext,
  trx: Trx,
  lane: LaneDbRow,
  connection: ConnectionRow | null,
  location: LocationRow | undefined,
  now: number,
): Promise<WakeRef[]> {
  if (connection === null || receiptModeOf(ctx, connection, ownSettingsOf(connection, location)) === 'full') return [];
  return await confirmAll(ctx, trx, await ackedParts(trx, connection.id, lane.id), now);
}

const CLASSES: MessageClass[] = ['reply', 'bulk'];

/**
 * What is held sleeps until its hold would end it. Where that is sooner now, it is due then, and the sweeper wakes it.
 * A hold that was made longer needs nothing: who wakes too early sleeps on.
 */
async function endHoldsSooner(
  ctx: StoreContext,
  trx: Trx,
  lane: LaneDbRow,
  connection: ConnectionRow | null,
  location: LocationRow | undefined,
): Promise<void> {
  // In a lane that flows the next one is woken by the one before it, whatever a hold has left in its row.
  const flows = location?.state === 'installed' && connection?.state === 'connected' && connection.paused_at === null;
  if (flows) return;
  const { holdMaxMs } = rulesOf(ctx, connection, location);
  for (const one of CLASSES) {
    await trx<MessageRow>('messages')
      .where({ lane_id: lane.id, claimable: 1 })
      .where('rank', one === 'reply' ? '<' : '>=', BULK_RANK)
      .whereNotNull('hold_since')
      .whereRaw('next_wake_at > hold_since + ?', [holdMaxMs[one]])
      .update({ next_wake_at: trx.raw('hold_since + ?', [holdMaxMs[one]]) });
  }
}
