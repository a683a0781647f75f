import type { ReceiptLevel } from '../../channels/gateway';
import type { PartState } from '../../domain/messageStatus';
import { newId, type Scope, type StoreContext, type WakeRef } from '../context';
import { wakeRefOf } from '../lanes';
import { wakeHeeding } from '../resends/wakeHeeding';
import type { PartRow, ReceiptRow } from '../rows';
import { ownConnection } from '../find';
import { isDeliveryReceipt, noteReceipts, writtenAtOf } from '../receiptNotes';
import { ackIsDelivery } from './ackIsDelivery';
import { lockMessage } from './lock';
import { rereadPart } from './reread';
import { settle } from './settle';

export interface ReceiptInput {
  connectionId: string;
  gatewayId: string;
  level: ReceiptLevel;
  code?: string;
}

/**
 * Stores a receipt, commits, then looks for its part; a send stores the gateway's id, commits, then looks for receipts.
 * So whichever comes second finds the other, in any order and number. Throws not_found for another location's
 * connection.
 */
export async function recordReceipt(ctx: StoreContext, scope: Scope, input: ReceiptInput): Promise<Applied> {
  await ctx.db.tx(async (trx) => {
    await ownConnection(trx, scope, input.connectionId);
    const now = await ctx.db.now(trx);
    await trx('receipts')
      .insert({
        id: newId(now),
        location_id: scope.locationId,
        connection_id: input.connectionId,
        gateway_id: input.gatewayId,
        level: input.level,
        code: input.code ?? null,
        received_at: now,
        applied: 0,
      })
      .onConflict(['connection_id', 'gateway_id', 'level'])
      .merge(['level']);
  });
  return await applyReceipts(ctx, scope, input.connectionId, input.gatewayId);
}

export interface Applied {
  /** Whether the gateway id is one of ours: a number's own messages get receipts too. */
  matched: boolean;
  /** Whom to wake. */
  wakes: WakeRef[];
}

/** Applies what is stored of one gateway id to its part, if both are here. */
export async function applyReceipts(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  gatewayId: string,
): Promise<Applied> {
  const name = { location_id: scope.locationId, connection_id: connectionId, gateway_id: gatewayId };
  return await ctx.db.tx(async (trx) => {
    const found = await trx<PartRow>('message_parts').where(name).first();
    if (found === undefined) return { matched: false, wakes: [] };
    const { message } = await lockMessage(trx, scope, found.message_id);
    const part = await rereadPart(trx, found.id);
    const known = await trx<ReceiptRow>('receipts')
      .where(name)
      .orderBy([{ column: 'received_at' }, { column: 'id' }]);
    const receipts = known.filter((receipt) => receipt.applied === 0);
    if (receipts.length === 0) return { matched: true, wakes: [] };
    const now = await ctx.db.now(trx);
    const ackIsDelivered = await ackIsDelivery(ctx, trx, part);
    const change = advancePart(part, receipts, { ackIsDelivered, receipted: known.some(isDeliveryReceipt) });
    if (Object.keys(change).length > 0) {
      await trx<PartRow>('message_parts')
        .where({ id: part.id })
        .update({ ...change, state_since: now });
    }
    await trx<ReceiptRow>('receipts')
      .whereIn(
        'id',
        receipts.map((receipt) => receipt.id),
      )
      .update({ applied: 1 });
    const wasNacked = part.state === 'unknown' && part.reason === 'nack';
    const about = { receipts, became: change.state, writtenAt: writtenAtOf(part), wasNacked, now };
    await noteReceipts(trx, connectionId, about);
    if (change.state === undefined) return { matched: true, wakes: [] };
    const settled = part.attempt === message.attempt ? await settle(ctx, trx, message, { now }) : message;
    const own = settled.state === message.state ? [] : [wakeRefOf(settled)];
    return { matched: true, wakes: [...own, ...(await wakeHeeding(trx, message, now))] };
  });
}

const STATE_RANK: Partial<Record<PartState, number>> = {
  unknown: 1,
  sent: 2,
  delivered: 3,
  read: 4,
};

type Standing = Pick<PartRow, 'state' | 'ack'>;

interface Meaning {
  /** An echo or the server's ack counts as this part's delivery. */
  ackIsDelivered: boolean;
  /** A delivery receipt of this part is known, now or from before: a nack can not be true any more. */
  receipted: boolean;
}

/**
 * Returns what receipts change of a part, taken in the order in which they came: only forward, but for a nack, which
 * makes a part unknown that no delivery receipt has confirmed. An echo or ack that counts as the delivery is none: the
 * phone shows a message, and the server may take it, before WhatsApp refuses it.
 */
function advancePart(part: Standing, receipts: Pick<ReceiptRow, 'level'>[], meaning: Meaning): Partial<PartRow> {
  return receipts.reduce<Partial<PartRow>>(
    (change, { level }) => ({ ...change, ...advanceBy({ ...part, ...change }, level, meaning) }),
    {},
  );
}

function advanceBy(part: Standing, level: ReceiptLevel, meaning: Meaning): Partial<PartRow> {
  const rank = STATE_RANK[part.state];
  if (rank === undefined || level === 'pending') return {};
  if (level === 'nack') {
    const refutable = part.state === 'sent' || part.state === 'delivered';
    return refutable && !meaning.receipted ? { state: 'unknown', reason: 'nack' } : {};
  }
  const state: PartState = level === 'server' ? (meaning.ackIsDelivered ? 'delivered' : 'sent') : level;
  return { ack: 'server', ...((STATE_RANK[state] ?? 0) > rank ? { state, reason: null } : {}) };
}

/** Returns (at most 200) gateway ids whose receipt and part are both here and were not brought together: a crash between. */
export async function unmatchedReceipts(
  ctx: StoreContext,
  olderThanMs: number,
): Promise<(Scope & { connectionId: string; gatewayId: string })[]> {
  const now = await ctx.db.now();
  const rows = await ctx.db
    .knex<ReceiptRow>('receipts as r')
    .join('message_parts as p', (on) =>
      on.on('p.connection_id', 'r.connection_id').andOn('p.gateway_id', 'r.gateway_id'),
    )
    .where('r.applied', 0)
    .where('r.received_at', '<', now - olderThanMs)
    .limit(200)
    .select<{ location_id: string; connection_id: string; gateway_id: string }[]>(
      'r.location_id',
      'r.connection_id',
      'r.gateway_id',
    );
  return rows.map((row) => ({
    locationId: row.location_id,
    connectionId: row.connection_id,
    gatewayId: row.gateway_id,
  }));
}
