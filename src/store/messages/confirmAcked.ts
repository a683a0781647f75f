import type { StoreContext, Trx } from '../context';
import { noteDelivered, writtenAtOf } from '../receiptNotes';
import type { MessageRow, PartRow } from '../rows';
import { ackIsDelivery } from './ackIsDelivery';
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
