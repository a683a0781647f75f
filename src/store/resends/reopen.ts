import type { Content } from '../../domain/content';
import { outboundWorkflowId } from '../../domain/ids';
import { planParts, type PartSpec } from '../../domain/parts';
import { present } from '../../domain/present';
import type { StoreContext, Trx, WakeRef } from '../context';
import { arrive } from '../lane/arrive';
import { wakeRefOf } from '../lanes';
import { insertParts } from '../messages/acceptedRow';
import { classForResend } from '../messages/classify';
import { openContent } from '../messages/codec';
import { liftEarlier, wakeLifted } from '../messages/lift';
import type { ConnectionRow, LocationRow, MessageRow } from '../rows';
import type { Place } from '../routing/place';

export interface Reopened {
  row: MessageRow;
  /** The message itself, and who goes earlier because of it. */
  wakes: WakeRef[];
}

/**
 * Begins the next attempt of a message that has ended, at the end of a locked lane: everything that its last attempt has
 * left in the row begins anew, what was sent stays with that attempt's parts.
 */
export async function reopen(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  { connection, lane, asks }: Place,
  now: number,
): Promise<Reopened> {
  const location = await trx<LocationRow>('locations').where({ location_id: message.location_id }).first();
  const classed = await classForResend(trx, message, now);
  const unplanned = { ...message, ...classed, connection_id: connection?.id ?? null };
  const arrived = await arrive(ctx, trx, { lane, connection, location }, unplanned, now);
  const planned = arrived.plannedAt;
  const attempt = message.attempt + 1;
  const row: MessageRow = {
    ...message,
    ...UNTRIED,
    ...classed,
    attempt,
    workflow_id: outboundWorkflowId(message.location_id, message.message_key, attempt),
    connection_id: connection?.id ?? null,
    lane_id: lane.id,
    seq: lane.next_seq,
    ...arrived.noted,
    ...(planned > now ? { state: 'waiting' as const, reason: 'behind' } : {}),
    ...(asks ? { state: 'waiting' as const, reason: 'routing' } : {}),
    state_since: now,
    next_wake_at: planned,
    ...heedUnknown(ctx, message, planned, now),
    told: message.ghl_message_id === null ? 'nothing' : 'outdated',
    tell_due_at: message.ghl_message_id === null ? null : now,
  };
  await trx<MessageRow>('messages').where({ id: message.id }).update(row);
  const content = openContent(ctx.crypto, row.id, present(row.content_sealed, 'the content of a message'));
  await insertParts(ctx, trx, row, content, plannedParts(ctx, connection, content));
  const lifted = (await liftEarlier(trx, row)) ? await wakeLifted(ctx, trx, lane.id, connection, now) : [];
  return { row, wakes: [wakeRefOf(row), ...lifted] };
}

const UNTRIED = {
  state: 'accepted',
  reason: null,
  reason_text: null,
  open: 1,
  claimable: 1,
  claimed: 0,
  tries: 0,
  retry_spent_ms: 0,
  retry_last_at: null,
  hold_since: null,
  written_at: null,
  not_before: 0,
  receipt_deadline: null,
  // Its files may be gone by now, and whoever had no account may have one.
  prepared: 0,
  earlier_id: null,
  earlier_attempt: null,
  earlier_until: null,
  follows: 0,
} as const satisfies Partial<MessageRow>;

/** What failed is sent at once; of what is unknown the proof may come still. */
function heedUnknown(ctx: StoreContext, message: MessageRow, planned: number, now: number): Partial<MessageRow> {
  if (message.state !== 'unknown') return heedAsBefore(message, now);
  const until = now + ctx.timings.unknownWaitMs;
  return {
    earlier_id: message.id,
    earlier_attempt: message.attempt,
    earlier_until: until,
    not_before: until,
    state: 'waiting',
    reason: 'awaiting_earlier',
    next_wake_at: Math.max(planned, until),
  };
}

/** The attempt that failed heeded an earlier send: that one has been waited for, but its proof may have come since. */
function heedAsBefore({ earlier_id, earlier_attempt }: MessageRow, now: number): Partial<MessageRow> {
  return earlier_id === null ? {} : { earlier_id, earlier_attempt, earlier_until: now };
}

/** Planned as at first; where its number is not known yet, by the usual gateway's limits. */
function plannedParts(ctx: StoreContext, connection: ConnectionRow | null, content: Content): PartSpec[] {
  return planParts(content, ctx.capabilities(connection?.gateway ?? USUAL_GATEWAY).partLimits, null);
}

const USUAL_GATEWAY = 'waapify';
