import { isPerson } from '../../domain/sender';
import { rankOf } from '../../domain/messageClass';
import type { StoreContext, Trx, WakeRef } from '../context';
import { wakeHead } from '../lanes';
import type { ConnectionRow, LaneDbRow, MessageRow } from '../rows';

/**
 * A reply takes its contact's earlier messages of the lane with it, or it would wait behind them. So `rank` is the
 * effective one: the least of a message's own and those of its contact's unfinished later ones. The caller holds the
 * lane.
 */

/** Returns a message's own rank, whatever stands behind it. */
export function ownRank(message: Pick<MessageRow, 'class' | 'sender'>): number {
  return rankOf(message.class, isPerson(message.sender));
}

/** Lifts what waits for a newly accepted message's contact to its rank. Returns whether there was anything to lift. */
export async function liftEarlier(trx: Trx, message: MessageRow): Promise<boolean> {
  if (message.open === 0 || message.class === 'bulk') return false;
  const lifted = await trx<MessageRow>('messages')
    .where({ lane_id: message.lane_id, open: 1, party: message.party })
    .where('seq', '<', message.seq)
    .where('rank', '>', message.rank)
    .update({ rank: message.rank });
  return lifted > 0;
}

/**
 * Returns the head of a lane in which something was lifted, if it sleeps and is to be woken. On a number that is held
 * nobody may go, whatever the order: its return wakes the head.
 */
export async function wakeLifted(
  ctx: StoreContext,
  trx: Trx,
  laneId: string,
  connection: Pick<ConnectionRow, 'state'> | null,
  now: number,
): Promise<WakeRef[]> {
  const wake = connection?.state === 'connected' ? await wakeHead(ctx, trx, laneId, now) : null;
  return wake === null ? [] : [wake];
}

/**
 * Derives the ranks of everything unfinished for one contact in a lane anew: a lift ends with the reply that it came
 * from. Returns whether a rank has changed.
 */
export async function rankAnew(trx: Trx, laneId: string, party: string): Promise<boolean> {
  const waiting = await trx<MessageRow>('messages')
    .where({ lane_id: laneId, open: 1, party })
    .orderBy('seq', 'desc')
    .select('id', 'rank', 'class', 'sender');
  let least = Infinity;
  const changed = new Map<number, string[]>();
  for (const row of waiting) {
    least = Math.min(least, ownRank(row));
    if (row.rank !== least) changed.set(least, [...(changed.get(least) ?? []), row.id]);
  }
  for (const [rank, ids] of changed) await trx<MessageRow>('messages').whereIn('id', ids).update({ rank });
  return changed.size > 0;
}

/** Ends the lift by a reply that has ended. One that was claimed had nobody before it. */
export async function endLift(trx: Trx, { direction, class: own, claimed, lane_id, party }: MessageRow): Promise<void> {
  if (direction === 'outbound' && own === 'reply' && claimed === 0) await rankAnew(trx, lane_id, party);
}

/** Lifts anew where replies have come into a lane at `seq` and behind: their contacts' messages may stand before them. */
export async function liftFrom(trx: Trx, lane: Pick<LaneDbRow, 'id'>, seq: number): Promise<void> {
  const replies = trx<MessageRow>('messages').where({ lane_id: lane.id, open: 1, class: 'reply' });
  for (const party of await replies.where('seq', '>=', seq).distinct().pluck<string[]>('party'))
    await rankAnew(trx, lane.id, party);
}
