import { outboundLaneId } from '../domain/ids';
import { isAuto, SENDS_TO_LEARN_NONE, unreceiptedForMs } from '../domain/receipts';
import type { Scope, StoreContext, WakeRef } from './context';
import { ownConnection } from './find';
import { lockLane } from './lanes';
import { ackedParts, confirmAll } from './messages/confirmAcked';
import { findOwnSettings, ownSettingsOf, type OwnSettings } from './ownSettings';
import { writtenAtOf } from './receiptNotes';
import type { ConnectionRow } from './rows';

/**
 * Learns `none` for the connections whose receipts are to be found out and of which accepted sends to five parties, each
 * with an echo or server ack, have been without a receipt for RECEIPT_ALARM_MS. Parties, not parts: all that goes to one
 * phone that is off is without a receipt on any gateway. What waited for a receipt there is delivered by its ack, in the
 * same transaction. Returns whom to wake: GHL is to be told.
 */
export async function learnReceipts(ctx: StoreContext): Promise<WakeRef[]> {
  const learning = await ctx.db
    .knex('connections as c')
    .leftJoin('locations as l', 'l.location_id', 'c.location_id')
    .where({ 'c.state': 'connected', 'c.receipts_learnt': null })
    .whereNotNull('c.unreceipted_since')
    .select<(ConnectionRow & { location_settings: string | null })[]>('c.*', 'l.settings as location_settings');
  const now = await ctx.db.now();
  const wakes: WakeRef[] = [];
  for (const connection of learning) {
    const own = ownSettingsOf(connection, { settings: connection.location_settings ?? '{}' });
    if (!mayLearnNone(ctx, connection, own, now)) continue;
    wakes.push(...(await learnNone(ctx, { locationId: connection.location_id }, connection.id)));
  }
  return wakes;
}

function mayLearnNone(ctx: StoreContext, connection: ConnectionRow, own: OwnSettings, now: number): boolean {
  if (connection.receipts_learnt !== null || !isAuto(own)) return false;
  if (!ctx.capabilities(connection.gateway).receipts) return false;
  const waitedMs = unreceiptedForMs({
    now,
    connected: connection.state === 'connected',
    stateSince: connection.state_since,
    unreceiptedSince: connection.unreceipted_since,
  });
  return waitedMs !== null && waitedMs >= alarmMs(ctx, own);
}

function alarmMs(ctx: StoreContext, own: OwnSettings): number {
  return own.receiptAlarmMs ?? ctx.timings.receiptAlarmMs;
}

async function learnNone(ctx: StoreContext, scope: Scope, connectionId: string): Promise<WakeRef[]> {
  return await ctx.db.tx(async (trx) => {
    const lane = await lockLane(trx, outboundLaneId(connectionId));
    const connection = await ownConnection(trx, scope, connectionId);
    const own = await findOwnSettings(trx, connection);
    const now = await ctx.db.now(trx);
    if (!mayLearnNone(ctx, connection, own, now)) return [];
    const acked = await ackedParts(trx, connectionId, lane.id);
    const long = acked.filter((part) => writtenAtOf(part) <= now - alarmMs(ctx, own));
    if (new Set(long.map((part) => part.message_id)).size < SENDS_TO_LEARN_NONE) return [];
    await trx<ConnectionRow>('connections')
      .where({ id: connectionId })
      .update({ receipts_learnt: 'none', unreceipted_since: null });
    return await confirmAll(ctx, trx, acked, now);
  });
}
