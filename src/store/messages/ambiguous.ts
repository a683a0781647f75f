import type { StoreContext, Trx } from '../context';
import type { MessageRow, PartRow } from '../rows';
import { findConnection } from '../find';
import { settle } from './settle';

/**
 * Notes that a part may have left: it waits UNKNOWN_WAIT_MS for its echo, or not at all where the gateway sends none.
 */
export async function makeAmbiguous(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  part: PartRow,
  now: number,
): Promise<void> {
  const connection = await findConnection(trx, part.connection_id);
  const echo = connection !== null && ctx.capabilities(connection.gateway).echo;
  const until = echo ? now + ctx.timings.unknownWaitMs : now;
  await trx<PartRow>('message_parts')
    .where({ id: part.id })
    .update({ state: 'ambiguous', ambiguous_until: until, lease_until: null, state_since: now });
  await settle(ctx, trx, message, { now, reason: 'awaiting_echo', reasonText: null, nextWakeAt: until });
}
