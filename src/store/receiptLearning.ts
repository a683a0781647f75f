import { outboundLaneId } from '../domain/ids';
import { isAuto, SENDS_TO_LEARN_NONE, unreceiptedForMs } from '../domain/receipts';
import type { Scope, StoreContext, Trx, WakeRef } from './context';
import { ownConnection } from './find';
import { lockLane, wakeRefOf } from './lanes';
import { confirmAcked } from './messages/confirmAcked';
import { rereadMessage } from './messages/reread';
import { receiptSettingsOf, writtenAtOf } from './receiptNotes';
import type { ConnectionRow, PartRow } from './rows';

/**
 * Learns `none` for the connections whose receipts are to be found out and of which accepted sends to five parties, each
 * with an echo or server ack, have been without a receipt for RECEIPT_ALARM_MS. Parties, not parts: all that goes to one
 * phone that is off is without a receipt on any gateway. What waited for a receipt there is delivered by its ack, in the
 * same transaction. Returns whom to wake: GHL is to be told.
 */
export async function learnReceipts(ctx: StoreContext): Promise<WakeRef[]> {
  const learning = await ctx.db
    .knex<ConnectionRow>('connections')
    .where({ state: 'connected', receipts_learnt: null })
    .whereNotNull('unreceipted_since');
  const now = await ctx.db.now();
  const wakes: WakeRef[] = [];
  for (const connection of learning.filter((one) => mayLearnNone(ctx, one, now))) {
    wakes.push(...(await learnNone(ctx, { locationId: connection.location_id }, connection.id)));
  }
  return wakes;
}

function mayLearnNone(ctx: StoreContext, connection: ConnectionRow, now: number): boolean {
  if (connection.receipts_learnt !== null || !isAuto(receiptSettingsOf(connection))) return false;
  if (!ctx.capabilities(connection.gateway).receipts) return false;
  const waitedMs = unreceiptedForMs({
    now,
    connected: connection.state === 'connected',
    stateSince: connection.state_since,
    unreceiptedSince: connection.unreceipted_since,
  });
  return waitedMs !== null && waitedMs >= alarmMs(ctx, connection);
}

function alarmMs(ctx: StoreContext, connection: ConnectionRow): number {
  return receiptSettingsOf(connection).receiptAlarmMs ?? ctx.timings.receiptAlarmMs;
}

async function learnNone(ctx: StoreContext, scope: Scope, connectionId: string): Promise<WakeRef[]> {
  return await ctx.db.tx(async (trx) => {
    const lane = await lockLane(trx, outboundLaneId(connectionId));
    const connection = await ownConnection(trx, scope, connectionId);
    const now = await ctx.db.now(trx);
    if (!mayLearnNone(ctx, connection, now)) return [];
    const acked = await ackedParts(trx, connectionId, lane.id);
    const long = acked.filter((part) => writtenAtOf(part) <= now - alarmMs(ctx, connection));
    if (new Set(long.map((part) => part.message_id)).size < SENDS_TO_LEARN_NONE) return [];
    await trx<ConnectionRow>('connections')
      .where({ id: connectionId })
      .update({ receipts_learnt: 'none', unreceipted_since: null });
    const wakes: WakeRef[] = [];
    for (const messageId of new Set(acked.map((part) => part.message_id))) {
      const message = await rereadMessage(trx, messageId);
      const confirmed = await confirmAcked(ctx, trx, message, now);
      if (confirmed.state !== message.state) wakes.push(wakeRefOf(confirmed));
    }
    return wakes;
  });
}

/** Parts that the gateway took, with an echo or ack and without a receipt; groups never get one. */
async function ackedParts(trx: Trx, connectionId: string, laneId: string): Promise<PartRow[]> {
  return await trx<PartRow>('message_parts as p')
    .join('messages as m', 'm.id', 'p.message_id')
    .where({ 'p.connection_id': connectionId, 'p.state': 'sent', 'p.to_group': 0, 'm.lane_id': laneId })
    .whereNotNull('p.ack')
    .orderBy('p.written_at')
    .select<PartRow[]>('p.*');
}
