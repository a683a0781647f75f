import type { StoreContext, Trx } from '../context';
import type { PartRow } from '../rows';
import { makeAmbiguous } from './ambiguous';
import { rereadMessage } from './reread';

/**
 * Claims of sends to this address whose process died are in doubt from here on, as they are for whoever asks for them
 * next: until then no echo could prove them. The caller holds the connection's lane.
 */
export async function doubtDeadClaims(
  ctx: StoreContext,
  trx: Trx,
  connectionId: string,
  key: string,
  now: number,
): Promise<void> {
  const dead = await trx<PartRow>('message_parts')
    .where({ connection_id: connectionId, address_key: key, state: 'sending' })
    .whereNotNull('echo_key')
    .where('lease_until', '<=', now);
  for (const part of dead) {
    const message = await rereadMessage(trx, part.message_id);
    if (message.attempt === part.attempt) await makeAmbiguous(ctx, trx, message, part, now);
  }
}
