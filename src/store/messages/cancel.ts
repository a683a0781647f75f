import type { MessageStatus } from '../../domain/messageStatus';
import type { Scope, StoreContext, WakeRef } from '../context';
import { wakeHead, wakeRefOf } from '../lanes';
import { lockMessage } from './lock';
import { endUnsent, partsOf } from './settle';

export interface Cancelled {
  /** False: a part of it is claimed or has left, or it has ended; the send goes on and says so. */
  cancelled: boolean;
  state: MessageStatus;
  /** The message itself (so that GHL is told) and the lane's next head. */
  wakes: WakeRef[];
}

/**
 * Cancels a message: a transition of the ledger under the lane's lock, only from unclaimed states. `neverClaimed`
 * also refuses when an earlier part was claimed. Throws not_found for another location's message.
 */
export async function cancelMessage(
  ctx: StoreContext,
  scope: Scope,
  messageId: string,
  options: { reason: string; neverClaimed?: boolean },
): Promise<Cancelled> {
  return await ctx.db.tx(async (trx) => {
    const { message, lane } = await lockMessage(trx, scope, messageId);
    const parts = await partsOf(trx, message);
    const hasLeft = parts.some((part) => part.state !== 'unsent');
    const tooLate = message.open === 0 || hasLeft || (options.neverClaimed === true && message.claimed === 1);
    if (tooLate) return { cancelled: false, state: message.state, wakes: [] };
    const now = await ctx.db.now(trx);
    const ended = await endUnsent(ctx, trx, message, 'cancelled', { now, reason: options.reason });
    const head = await wakeHead(ctx, trx, lane.id, now);
    return { cancelled: true, state: ended.state, wakes: [wakeRefOf(ended), ...(head === null ? [] : [head])] };
  });
}
