import type { PartState } from '../domain/messageStatus';
import { receiptMode, type ReceiptMode, type ReceiptSettings } from '../domain/receipts';
import type { StoreContext, Trx } from './context';
import { findConnection } from './find';
import type { ConnectionRow, ReceiptRow } from './rows';

/* What the connection's row remembers of its receipts: enough for the alarm, without a look at its messages. */

/** Returns what a connection has set for itself about receipts. */
export function receiptSettingsOf(connection: ConnectionRow): ReceiptSettings {
  return JSON.parse(connection.settings) as ReceiptSettings;
}

/** Returns what counts as a delivery on a connection: as set, as learnt, and `none` where the gateway has no receipts. */
export function receiptModeOf(ctx: StoreContext, connection: ConnectionRow): ReceiptMode {
  if (!ctx.capabilities(connection.gateway).receipts) return 'none';
  return receiptMode(receiptSettingsOf(connection), connection.receipts_learnt);
}

/** Notes that a send of a connection awaits a receipt since `at`; an earlier one that does counts first. */
export async function noteUnreceipted(trx: Trx, connectionId: string | null, at: number): Promise<void> {
  if (connectionId === null) return;
  await trx<ConnectionRow>('connections')
    .where({ id: connectionId, unreceipted_since: null })
    .update({ unreceipted_since: at });
}

/**
 * Notes what receipts of one part say of its connection. `became` is the state that they gave the part. A delivery
 * receipt proves for good that there are receipts; whatever counts as a delivery ends the alarm; a nack raises it.
 */
export async function noteReceipts(
  trx: Trx,
  connectionId: string,
  receipts: Pick<ReceiptRow, 'level'>[],
  became: PartState | undefined,
  now: number,
): Promise<void> {
  const connection = await findConnection(trx, connectionId);
  if (connection === null) return;
  const change = changeOf(connection, receipts, became, now);
  const news = Object.entries(change).some(([column, value]) => connection[column as keyof ConnectionRow] !== value);
  if (news) await trx<ConnectionRow>('connections').where({ id: connectionId }).update(change);
}

type Change = Partial<Pick<ConnectionRow, 'receipts_learnt' | 'unreceipted_since' | 'nacked_at'>>;

function changeOf(
  connection: ConnectionRow,
  receipts: Pick<ReceiptRow, 'level'>[],
  became: PartState | undefined,
  now: number,
): Change {
  const receipted = receipts.some(({ level }) => level === 'delivered' || level === 'read');
  if (receipted) return { receipts_learnt: 'full', unreceipted_since: null, nacked_at: null };
  if (became === 'delivered') return { nacked_at: null };
  return became === 'unknown' ? { nacked_at: connection.nacked_at ?? now } : {};
}
