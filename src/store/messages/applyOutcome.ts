import { present } from '../../domain/present';
import type { SendOutcome } from '../../channels/gateway';
import { backoff, tickRetryClock } from '../../domain/lane/retry';
import type { StoreContext, Trx } from '../context';
import type { EchoRow, MessageRow, PartRow } from '../rows';
import { findConnection } from '../find';
import { noteDelivered, noteUnreceipted } from '../receiptNotes';
import { ackIsDelivery } from './ackIsDelivery';
import { makeAmbiguous } from './ambiguous';
import { matchEchoes } from './echoes';
import { rereadMessage } from './reread';
import { settle } from './settle';
import { timesRefused } from './withinTries';

export interface OutcomeOf<K extends SendOutcome = SendOutcome> {
  message: MessageRow;
  part: PartRow;
  outcome: K;
  /** When the request was written, epoch milliseconds; null: it was not. */
  writtenAt: number | null;
  now: number;
}

/** Nothing left this machine: the part is tried again this much later. */
const NOT_SENT_BACKOFF_MS = 5_000;

/** Turns an outcome into the part's and the message's next state, under the lane's lock. Returns the message's row. */
export async function applyOutcome(ctx: StoreContext, trx: Trx, of: OutcomeOf): Promise<MessageRow> {
  const { outcome } = of;
  switch (outcome.kind) {
    case 'accepted':
      return await accepted(ctx, trx, { ...of, outcome });
    case 'ambiguous':
      return await ambiguous(ctx, trx, of);
    case 'not_sent':
      return await again(ctx, trx, of, outcome.cause === 'stale_claim' ? 0 : NOT_SENT_BACKOFF_MS, 'retrying');
    case 'held':
      return await held(ctx, trx, { ...of, outcome });
    case 'rejected':
      return outcome.retry === 'never'
        ? await failed(ctx, trx, of, outcome.code, outcome.text)
        : await retryable(ctx, trx, { ...of, outcome });
  }
}

async function accepted(
  ctx: StoreContext,
  trx: Trx,
  of: OutcomeOf<SendOutcome & { kind: 'accepted' }>,
): Promise<MessageRow> {
  const { message, part, outcome, now } = of;
  const name = { connection_id: message.connection_id, gateway_id: outcome.gatewayId };
  const taken = await trx<PartRow>('message_parts').where(name).whereNot({ id: part.id }).first('id');
  const echoed = await trx<EchoRow>('echoes').where(name).update({ part_id: part.id, due_at: null });
  const ackCounts = await ackIsDelivery(ctx, trx, part);
  const confirmed = ackCounts && (echoed > 0 || !(await hasEchoes(ctx, trx, message)));
  if (!ackCounts) await noteUnreceipted(trx, message.connection_id, of.writtenAt ?? now);
  if (confirmed) await noteDelivered(trx, message.connection_id, of.writtenAt ?? now);
  await trx<PartRow>('message_parts')
    .where({ id: part.id })
    .update({
      state: confirmed ? 'delivered' : 'sent',
      reason: null,
      gateway_id: taken === undefined ? outcome.gatewayId : null,
      written_at: of.writtenAt,
      lease_until: null,
      ack: echoed > 0 ? 'echo' : null,
      state_since: now,
    });
  // The late answer of an earlier attempt says nothing of the present one.
  if (part.attempt !== message.attempt) return message;
  return await settle(ctx, trx, message, {
    now,
    reason: null,
    reasonText: null,
    // Whatever the next part meets is counted anew.
    set: { written_at: message.written_at ?? of.writtenAt, hold_since: null, tries: 0 },
  });
}

/** Where an ack counts as the delivery, the echo is waited for; where there are none, the acceptance is all there is. */
async function hasEchoes(ctx: StoreContext, trx: Trx, message: MessageRow): Promise<boolean> {
  const connection = await findConnection(trx, message.connection_id);
  return connection === null || ctx.capabilities(connection.gateway).echo;
}

async function ambiguous(
  ctx: StoreContext,
  trx: Trx,
  { message, part, writtenAt, now }: OutcomeOf,
): Promise<MessageRow> {
  if (part.state !== 'sending') return message;
  await trx<PartRow>('message_parts').where({ id: part.id }).update({ written_at: writtenAt });
  await makeAmbiguous(ctx, trx, message, part, now);
  await matchEchoes(ctx, trx, present(part.connection_id, 'the connection of a sent part'), part.address_key, now);
  return await rereadMessage(trx, message.id);
}

/** Gives the part back: unclaimed, out of its back-off at `now + waitMs`. */
async function again(
  ctx: StoreContext,
  trx: Trx,
  { message, part, writtenAt, now }: OutcomeOf,
  waitMs: number,
  reason: string,
  set: Partial<MessageRow> = {},
): Promise<MessageRow> {
  await trx<PartRow>('message_parts')
    .where({ id: part.id })
    .update({
      state: 'unsent',
      attempt_token: null,
      lease_until: null,
      ambiguous_until: null,
      written_at: writtenAt ?? part.written_at,
      state_since: now,
    });
  const notBefore = now + waitMs;
  return await settle(ctx, trx, message, {
    now,
    reason,
    reasonText: null,
    nextWakeAt: notBefore,
    set: { not_before: notBefore, ...set },
  });
}

async function held(ctx: StoreContext, trx: Trx, of: OutcomeOf<SendOutcome & { kind: 'held' }>): Promise<MessageRow> {
  await trx<PartRow>('message_parts').where({ id: of.part.id }).update({ refused_as: null, refused_times: 0 });
  const set = { hold_since: of.message.hold_since ?? of.now, retry_last_at: null };
  return await again(ctx, trx, of, 0, of.outcome.state, set);
}

async function retryable(
  ctx: StoreContext,
  trx: Trx,
  of: OutcomeOf<SendOutcome & { kind: 'rejected' }>,
): Promise<MessageRow> {
  const { message, part, outcome, now } = of;
  const clock = tickRetryClock({ spentMs: message.retry_spent_ms, lastAt: message.retry_last_at }, now);
  const left = ctx.timings.retryDeadlineMs - clock.spentMs;
  if (left <= 0) return await failed(ctx, trx, of, 'retry_deadline', outcome.text);
  await trx<PartRow>('message_parts')
    .where({ id: part.id })
    .update({ refused_as: outcome.code, refused_times: timesRefused(part, outcome.code) });
  const tries = message.tries + 1;
  const holdSince = (await isHeld(trx, message)) ? message.hold_since : null;
  const set = { tries, retry_spent_ms: clock.spentMs, retry_last_at: clock.lastAt, hold_since: holdSince };
  return await again(ctx, trx, of, Math.min(backoff(tries), left), 'retrying', set);
}

/** A trial on a held number proves nothing but by success: the hold, and its clock, go on. */
async function isHeld(trx: Trx, message: MessageRow): Promise<boolean> {
  const connection = await findConnection(trx, message.connection_id);
  return connection !== null && connection.state !== 'connected';
}

async function failed(
  ctx: StoreContext,
  trx: Trx,
  { message, part, now }: OutcomeOf,
  code: string,
  text: string,
): Promise<MessageRow> {
  await trx<PartRow>('message_parts')
    .where({ id: part.id })
    .update({ state: 'failed', reason: code, lease_until: null, state_since: now });
  return await settle(ctx, trx, message, { now, reason: code, reasonText: text.slice(0, 500) });
}
