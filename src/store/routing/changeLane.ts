import type { Trx } from '../context';
import { freshAnew } from '../lane/fresh';
import { liftFrom } from '../messages/lift';
import type { LaneDbRow, MessageRow, PartRow } from '../rows';

/**
 * Puts messages at the end of a connection's lane, in their order. Both lanes are locked, and nobody has claimed any of
 * them. Returns how many there were.
 */
export async function changeLane(
  trx: Trx,
  messages: readonly Pick<MessageRow, 'id'>[],
  lane: LaneDbRow,
): Promise<number> {
  const connection = { connection_id: lane.connection_id };
  for (const [index, { id }] of messages.entries()) {
    // The time in which it had no number is none of its retries'.
    const change = { lane_id: lane.id, ...connection, seq: lane.next_seq + index, retry_last_at: null };
    await trx<MessageRow>('messages').where({ id }).update(change);
    // What an earlier attempt has sent left on the number of that time.
    await trx<PartRow>('message_parts').where({ message_id: id, state: 'unsent' }).update(connection);
  }
  const next = lane.next_seq + messages.length;
  await trx<LaneDbRow>('lanes').where({ id: lane.id }).update({ next_seq: next });
  await freshAnew(trx, messages, lane);
  await liftFrom(trx, lane, lane.next_seq);
  return messages.length;
}
