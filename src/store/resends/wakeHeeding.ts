import type { Trx, WakeRef } from '../context';
import { wakeRefOf } from '../lanes';
import type { MessageRow } from '../rows';
import { lockRows } from './earlierSends';

/**
 * Makes everything due that heeds a message of which something has just come out: what waits for its proof, and what has
 * its status. Returns whom to wake; what is not woken, the sweeper finds. The message's row is locked, so whoever heeds
 * it from now on sees the news by itself.
 */
export async function wakeHeeding(
  trx: Trx,
  message: Pick<MessageRow, 'id' | 'location_id'>,
  now: number,
): Promise<WakeRef[]> {
  await lockRows(trx, [message.id]);
  const heeding = await trx<MessageRow>('messages')
    .where({ earlier_id: message.id, location_id: message.location_id })
    .where((one) => void one.where({ follows: 1 }).orWhere({ claimable: 1 }))
    .orderBy('id');
  if (heeding.length === 0) return [];
  await trx<MessageRow>('messages')
    .whereIn(
      'id',
      heeding.map(({ id }) => id),
    )
    .update({ next_wake_at: now });
  return heeding.map(wakeRefOf);
}
