import type { StoreContext, Trx } from '../context';
import { findConnection } from '../find';
import { findOwnSettings } from '../ownSettings';
import type { MessageRow, PartRow } from '../rows';
import { settle } from './settle';

/** A connection that chose at least once writes a part that stays in doubt at most so often more. */
const REPEATS = 2;

/**
 * Ends the wait for the echo of a part: it is unknown, left to a person; or, where its connection chose at least once,
 * it is written again, so that a contact may get it twice. Its echo is still taken in both cases.
 */
export async function endDoubt(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  part: PartRow,
  now: number,
): Promise<void> {
  const parts = trx<PartRow>('message_parts').where({ id: part.id });
  if (message.tries < REPEATS && (await choseAtLeastOnce(trx, part.connection_id))) {
    await parts.update({ state: 'unsent', attempt_token: null, ambiguous_until: null, state_since: now });
    await settle(ctx, trx, message, { now, reason: 'retrying', reasonText: null, set: { tries: message.tries + 1 } });
    return;
  }
  await parts.update({ state: 'unknown', reason: 'no_echo', state_since: now });
  await settle(ctx, trx, message, { now, reason: 'no_echo', reasonText: null });
}

async function choseAtLeastOnce(trx: Trx, connectionId: string | null): Promise<boolean> {
  const { atLeastOnce } = await findOwnSettings(trx, await findConnection(trx, connectionId));
  return atLeastOnce === true;
}
