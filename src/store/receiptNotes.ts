import type { PartState } from '../domain/messageStatus';
import { receiptMode, type ReceiptMode, type ReceiptSettings } from '../domain/receipts';
import type { StoreContext, Trx } from './context';
import { findConnection } from './find';
import type { ConnectionRow, PartRow, ReceiptRow } from './rows';

/* What the connection's row remembers of its receipts: enough for the alarm, without a look at its messages. */

/**
 * Returns what counts as a delivery on a connection: as set (`own`: by it or its location), as learnt, and `none` where
 * the gateway has no receipts.
 */
export function receiptModeOf(ctx: StoreContext, connection: ConnectionRow, own: ReceiptSettings): ReceiptMode {
  if (!ctx.capabilities(connection.gateway).receipts) return 'none';
  return receiptMode(own, connection.receipts_learnt);
}

/**
 * Notes that a send of a connection awaits a receipt since `at`, when it was written: its own receipt has to be able to
 * end that. An earlier one that does counts first.
 */
export async function noteUnreceipted(trx: Trx, connectionId: string | null, at: number): Promise<void> {
  if (connectionId === null) return;
  await trx<ConnectionRow>('connections')
    .where({ id: connectionId, unreceipted_since: null })
    .update({ unreceipted_since: at });
}

/**
 * Notes that an echo or ack is the delivery of what was written at `writtenAt` (epoch ms): it ends the alarm that an
 * earlier nack has raised, as on a number without receipts nothing else could.
 */
export async function noteDelivered(trx: Trx, connectionId: string | null, writtenAt: number): Promise<void> {
  if (connectionId === null) return;
  await trx<ConnectionRow>('connections')
    .where({ id: connectionId })
    .where('nacked_at', '<=', writtenAt)
    .update({ nacked_at: null });
}

/** Returns when a part that the gateway took was written, epoch ms; where that is not known, when it got its state. */
export function writtenAtOf(part: Pick<PartRow, 'written_at' | 'state_since'>): number {
  return part.written_at ?? part.state_since;
}

export interface ReceiptsOfPart {
  receipts: Pick<ReceiptRow, 'level'>[];
  became: PartState | undefined;
  /** When the part was written, epoch milliseconds. */
  writtenAt: number;
  /** A nack had made it unknown: a delivery receipt of it refutes that. */
  wasNacked: boolean;
  now: number;
}

/**
 * Notes what receipts of one part, written at `writtenAt`, say of its connection. `became` is the state that they gave
 * the part. A delivery receipt proves for good that there are receipts; a nack raises the alarm. Whatever counts as a
 * delivery ends it, but only of a part that was written since (that somebody reads an old message proves nothing of
 * what is sent now), or of the very part that the nack was about.
 */
export async function noteReceipts(trx: Trx, connectionId: string, told: ReceiptsOfPart): Promise<void> {
  const connection = await findConnection(trx, connectionId);
  if (connection === null) return;
  const change = changeOf(connection, told);
  const news = Object.entries(change).some(([column, value]) => connection[column as keyof ConnectionRow] !== value);
  if (news) await trx<ConnectionRow>('connections').where({ id: connectionId }).update(change);
}

/** Returns whether a receipt says that the message is on the contact's phone. */
export function isDeliveryReceipt({ level }: Pick<ReceiptRow, 'level'>): boolean {
  return level === 'delivered' || level === 'read';
}

type Change = Partial<Pick<ConnectionRow, 'receipts_learnt' | 'unreceipted_since' | 'nacked_at'>>;

function changeOf(connection: ConnectionRow, { receipts, became, writtenAt, wasNacked, now }: ReceiptsOfPart): Change {
  if (became === 'unknown') return { nacked_at: connection.nacked_at ?? now };
  const receipted = receipts.some(isDeliveryReceipt);
  const isSince = (at: number | null) => at !== null && writtenAt >= at;
  const delivered = receipted || became === 'delivered';
  const endsNack = (receipted && wasNacked) || (delivered && isSince(connection.nacked_at));
  return {
    ...(receipted ? { receipts_learnt: 'full' } : {}),
    ...(receipted && isSince(connection.unreceipted_since) ? { unreceipted_since: null } : {}),
    ...(endsNack ? { nacked_at: null } : {}),
  };
}
