import type { StoreContext, Trx } from '../context';
import { findConnection } from '../find';

/**
 * Returns whether nothing better than an echo or the server's ack will come on a connection, so that they count as the
 * delivery: its gateway has no receipts, or they were switched off (`receipts: none`).
 */
export async function ackIsDelivery(ctx: StoreContext, trx: Trx, connectionId: string | null): Promise<boolean> {
  const connection = await findConnection(trx, connectionId);
  if (connection === null) return false;
  const { receipts } = JSON.parse(connection.settings) as { receipts?: string };
  return receipts === 'none' || !ctx.capabilities(connection.gateway).receipts;
}
