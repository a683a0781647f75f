import type { Knex } from 'knex';
import type { Channel } from '../../domain/address';
import { furtherTold, nextTold, type MessageStatus, type Told, type ToldNext } from '../../domain/messageStatus';
import { partInQuestion, type PartInQuestion } from '../../domain/partWords';
import type { Scope, StoreContext, Trx } from '../context';
import { followOn } from '../resends/heed';
import type { MessageRow, PartRow } from '../rows';
import { ackIsDelivery } from './ackIsDelivery';
import { confirmAcked } from './confirmAcked';
import { lockMessage } from './lock';
import { partsOf, settle } from './settle';

/** What a run has to know after its message has left the lane. */
export interface Lifecycle {
  channel: Channel;
  state: MessageStatus;
  reason: string | null;
  reasonText: string | null;
  /** Which of several parts the state is about. */
  part: PartInQuestion | null;
  ghlMessageId: string | null;
  providerId: string | null;
  connectionId: string | null;
  /** Which attempt this is about. */
  attempt: number;
  /** What GHL is to be told now; null: it knows enough. */
  tell: ToldNext | null;
  /** Milliseconds before GHL may be told (it has to write the message down first). */
  tellInMs: number;
  /** Milliseconds until the wait for receipts ends; null: no receipt is awaited. */
  receiptsForMs: number | null;
}

/** While somebody is telling GHL, the sweeper leaves the message alone this long. */
const TELLING_MS = 60_000;

/**
 * Returns where a message stands and what GHL is to be told. A message whose wait for receipts is over becomes unknown
 * first (still correctable by a late one). `telling`: the caller tells GHL now, and the sweeper leaves that to it for a
 * while. Throws not_found for another location's message.
 */
export async function readLifecycle(
  ctx: StoreContext,
  scope: Scope,
  messageId: string,
  options: { telling?: boolean } = {},
): Promise<Lifecycle> {
  return await ctx.db.tx(async (trx) => {
    const { message: before } = await lockMessage(trx, scope, messageId);
    const now = await ctx.db.now(trx);
    const message = await endReceiptWait(ctx, trx, await followOn(ctx, trx, before, now), now);
    const tell = message.ghl_message_id === null ? null : nextTold(message.state, message.told);
    if (tell !== null && options.telling === true)
      await trx<MessageRow>('messages')
        .where({ id: message.id })
        .update({ tell_due_at: now + TELLING_MS });
    const receiptsForMs = await receiptWait(ctx, trx, message, now);
    if (message.open === 0)
      await expectNothingBefore(trx, message, receiptsForMs === null ? null : message.receipt_deadline);
    return {
      channel: message.channel,
      state: message.state,
      reason: message.reason,
      reasonText: message.reason_text,
      part: tell === null ? null : partInQuestion(await partsOf(trx, message), message.state),
      ghlMessageId: message.ghl_message_id,
      providerId: message.provider_id,
      connectionId: message.connection_id,
      attempt: message.attempt,
      tell,
      tellInMs: Math.max(0, message.accepted_at + ctx.timings.statusFirstDelayMs - now),
      receiptsForMs,
    };
  });
}

/** Milliseconds for which a further receipt may come; null when none is awaited. */
async function receiptWait(ctx: StoreContext, trx: Trx, message: MessageRow, now: number): Promise<number | null> {
  const { state, receipt_deadline: deadline } = message;
  if (message.direction === 'inbound' || deadline === null || deadline <= now) return null;
  if (state === 'sent') return deadline - now;
  const mayBeRead = state === 'delivered' && !(await ackIsDelivery(ctx, trx, message));
  return mayBeRead ? deadline - now : null;
}

/** Whoever has been woken and has looked is not overdue any more, also where nothing new was found. */
async function expectNothingBefore(trx: Trx, message: MessageRow, until: number | null): Promise<void> {
  if (message.next_wake_at === until) return;
  await trx<MessageRow>('messages').where({ id: message.id }).update({ next_wake_at: until });
}

async function endReceiptWait(ctx: StoreContext, trx: Trx, message: MessageRow, now: number): Promise<MessageRow> {
  if (message.state !== 'sent' || message.receipt_deadline === null || message.receipt_deadline > now) return message;
  const confirmed = await confirmAcked(ctx, trx, message, now);
  if (confirmed.state !== 'sent') return confirmed;
  await trx<PartRow>('message_parts')
    .where({ message_id: message.id, attempt: message.attempt, state: 'sent' })
    .update({ state: 'unknown', reason: 'no_delivery_receipt', state_since: now });
  return await settle(ctx, trx, message, { now, reason: 'no_delivery_receipt', reasonText: null });
}

/** Notes what GHL was told of an attempt (absent: of the present one); only forward. What is of an earlier one is void. */
export async function markTold(
  ctx: StoreContext,
  scope: Scope,
  messageId: string,
  told: Told,
  attempt?: number,
): Promise<void> {
  await ctx.db.tx(async (trx) => {
    const { message } = await lockMessage(trx, scope, messageId);
    if (message.attempt !== (attempt ?? message.attempt)) return;
    const known = furtherTold(message.told, told);
    const due = nextTold(message.state, known) !== null ? await ctx.db.now(trx) : null;
    const words = due === null ? { reason_text: wordsOnceTold(trx) } : {};
    await trx<MessageRow>('messages')
      .where({ id: message.id })
      .update({ told: known, tell_due_at: due, ...words });
  });
}

/** GHL does not take the status of an attempt (absent: any): it is not tried again until the message's state changes. */
export async function giveUpTelling(
  ctx: StoreContext,
  scope: Scope,
  messageId: string,
  attempt?: number,
): Promise<void> {
  await ctx.db
    .knex<MessageRow>('messages')
    .where({ id: messageId, location_id: scope.locationId, ...(attempt === undefined ? {} : { attempt }) })
    .update({ tell_due_at: null, reason_text: wordsOnceTold(ctx.db.knex) });
}

/** Of an erased message the gateway's words were kept for GHL only. */
function wordsOnceTold(knex: Knex): Knex.Raw<string | null> {
  return knex.raw<string | null>('case when erased_at is null then reason_text end');
}
