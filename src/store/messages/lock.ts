import { notFound } from '../../domain/errors';
import type { Scope, Trx } from '../context';
import { lockLane } from '../lanes';
import type { LaneDbRow, MessageRow } from '../rows';

/** Locks the lane that the message is in; a move between look-up and lock is followed. */
export async function lockMessage(
  trx: Trx,
  scope: Scope,
  messageId: string,
): Promise<{ message: MessageRow; lane: LaneDbRow }> {
  for (;;) {
    const before = await ownMessage(trx, scope, messageId);
    const lane = await lockLane(trx, before.lane_id);
    const message = await ownMessage(trx, scope, messageId);
    if (message.lane_id === lane.id) return { message, lane };
  }
}

/** Returns a message of the location, without a lock. Throws not_found for another location's. */
export async function ownMessage(trx: Trx, scope: Scope, messageId: string): Promise<MessageRow> {
  const message = await trx<MessageRow>('messages').where({ id: messageId, location_id: scope.locationId }).first();
  if (message === undefined) throw notFound('message');
  return message;
}
