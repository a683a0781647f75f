import type { StoreContext, Trx, WakeRef } from '../context';
import { wakeRefOf } from '../lanes';
import { noteDelivered, writtenAtOf } from '../receiptNotes';
import { wakeHeeding } from '../resends/wakeHeeding';
import type { MessageRow, PartRow } from '../rows';
import { ackIsDelivery } from './ackIsDelivery';
import { rereadMessage } from './reread';
import { partsOf, settle } from './settle';

/**
 * Counts the echo or server ack that a message's parts have as their delivery, if by now it is one: the mode of its
 * number may have been learnt or set after they came. Returns the message's row.
 */
export async function confirmAcked(ctx: StoreContext, trx: Trx, message: MessageRow, now: number): Promise<MessageRow> {
  const acked = (await partsOf(trx, message)).filter((part) => part.state === 'sent' && part.ack !== null);
  const [one] = acked;
  if (one === undefined || !(await ackIsDelivery(ctx, trx, one))) return message;
  await trx<PartRow>('message_parts')
    .whereIn(
      'id',
      acked.map((part) => part.id),
    )
    .update({ state: 'delivered', reason: null, state_since: now });
  await noteDelivered(trx, one.connection_id, Math.max(...acked.map(writtenAtOf)));
  return await settle(ctx, trx, message, { now });
}

/** Returns what the gateway took in a lane, with an echo or ack and without a receipt; groups never get one. */
export async function ackedParts(trx: Trx, connectionId: string, laneId: string): Promise<PartRow[]> {
  return await trx<PartRow>('message_parts as p')
    .join('messages as m', 'm.id', 'p.message_id')
    .where({ 'p.connection_id': connectionId, 'p.state': 'sent', 'p.to_group': 0, 'm.lane_id': laneId })
    .whereNotNull('p.ack')
    .orderBy('p.written_at')
    .select<PartRow[]>('p.*');
}

/** Confirms the messages of these parts, under their lane's lock. Returns whom to wake: GHL is to be told. */
export async function confirmAll(ctx: StoreContext, trx: Trx, acked: PartRow[], now: number): Promise<WakeRef[]> {
  const wakes: WakeRef[] = [];
  for (const messageId of new Set(acked.map((part) => part.message_id))) {
    const message = await rereadMessage(trx, messageId);
    const confirmed = await confirmAcked(ctx, trx, message, now);
    if (confirmed.state !== message.state) wakes.push(wakeRefOf(confirmed), ...(await wakeHeeding(trx, message, now)));
  }
  return wakes;
}
