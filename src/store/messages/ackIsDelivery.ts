import type { StoreContext, Trx } from '../context';
import { findConnection } from '../find';
import { findOwnSettings } from '../ownSettings';
import { receiptModeOf } from '../receiptNotes';
import type { PartRow } from '../rows';

/**
 * Returns whether nothing better than an echo or the server's ack will come for a part, so that they count as its
 * delivery: it went to a group (Waapify API behaviour: receipts of groups are not forwarded), or its number has none.
 */
export async function ackIsDelivery(
  ctx: StoreContext,
  trx: Trx,
  part: Pick<PartRow, 'connection_id' | 'to_group'>,
): Promise<boolean> {
  if (part.to_group === 1) return true;
  const connection = await findConnection(trx, part.connection_id);
  if (connection === null) return false;
  return receiptModeOf(ctx, connection, await findOwnSettings(trx, connection)) === 'none';
}
