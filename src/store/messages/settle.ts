import { isOpen, nextTold, statusOfParts } from '../../domain/messageStatus';
import type { StoreContext, Trx } from '../context';
import { findConnection } from '../find';
import { findOwnSettings } from '../ownSettings';
import type { MessageRow, PartRow } from '../rows';
import { endLift } from './lift';

export interface SettleOptions {
  now: number;
  /** Why it waits (src/domain/reasons.ts); undefined: as before. One that has ended says why by its parts. */
  reason?: string | null;
  reasonText?: string | null;
  /** When its run is expected to act next; undefined: as before, or at once when its state changes. */
  nextWakeAt?: number;
  /** Further columns that change in the same write. */
  set?: Partial<MessageRow>;
}

/** Returns the parts of a message's present attempt, in order. */
export async function partsOf(trx: Trx, message: MessageRow): Promise<PartRow[]> {
  return await trx<PartRow>('message_parts').where({ message_id: message.id, attempt: message.attempt }).orderBy('n');
}

/**
 * Derives a message's columns anew from its parts and writes them: the only way in which a message with parts changes
 * its state. A failed or cancelled part ends the unsent ones behind it. Returns the row as it now is.
 */
export async function settle(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  options: SettleOptions,
): Promise<MessageRow> {
  const parts = await stopAfterFailure(trx, await partsOf(trx, message), options.now);
  const waiting = message.state === 'accepted' && options.reason == null ? 'accepted' : 'waiting';
  const state = statusOfParts(
    parts.map((part) => part.state),
    waiting,
  );
  const open = isOpen(state);
  const asBefore = state === message.state;
  const reason = options.reason === undefined ? (asBefore ? message.reason : null) : options.reason;
  const wakeAt = asBefore ? message.next_wake_at : options.now;
  const followed = state === 'sent' || state === 'delivered';
  const receiptDeadline = followed
    ? (message.receipt_deadline ?? options.now + (await receiptWaitMs(ctx, trx, message)))
    : null;
  const due =
    message.direction === 'outbound' && message.ghl_message_id !== null && nextTold(state, message.told) !== null;
  const change: Partial<MessageRow> = {
    state,
    open: open ? 1 : 0,
    claimable: open && state !== 'sending' ? 1 : 0,
    state_since: asBefore ? message.state_since : options.now,
    receipt_deadline: receiptDeadline,
    next_wake_at: options.nextWakeAt ?? (open ? wakeAt : receiptDeadline),
    tell_due_at: due ? (message.tell_due_at ?? firstTell(ctx, message, options.now)) : null,
    reason: open ? reason : (parts.find((part) => part.state === state)?.reason ?? null),
    ...(options.reasonText === undefined ? {} : { reason_text: options.reasonText }),
    ...options.set,
  };
  await trx<MessageRow>('messages').where({ id: message.id }).update(change);
  if (!open && message.open === 1) await endLift(trx, message);
  return { ...message, ...change };
}

async function receiptWaitMs(ctx: StoreContext, trx: Trx, message: MessageRow): Promise<number> {
  const own = await findOwnSettings(trx, await findConnection(trx, message.connection_id));
  return own.receiptWaitMs ?? ctx.timings.receiptWaitMs;
}

async function stopAfterFailure(trx: Trx, parts: PartRow[], now: number): Promise<PartRow[]> {
  const stopped = parts.some((part) => part.state === 'failed' || part.state === 'cancelled');
  const left = stopped ? parts.filter((part) => part.state === 'unsent') : [];
  if (left.length === 0) return parts;
  const change = { state: 'cancelled' as const, state_since: now };
  await trx<PartRow>('message_parts')
    .whereIn(
      'id',
      left.map((part) => part.id),
    )
    .update(change);
  return parts.map((part) => (left.includes(part) ? { ...part, ...change } : part));
}

function firstTell(ctx: StoreContext, message: MessageRow, now: number): number {
  return Math.max(now, message.accepted_at + ctx.timings.statusFirstDelayMs);
}

/** Ends every unsent part of a message: as failed, or as cancelled. Returns the settled row. */
export async function endUnsent(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  as: 'failed' | 'cancelled',
  options: { now: number; reason: string; reasonText?: string | null },
): Promise<MessageRow> {
  await trx<PartRow>('message_parts')
    .where({ message_id: message.id, attempt: message.attempt, state: 'unsent' })
    .update({ state: as, reason: options.reason, state_since: options.now });
  return await settle(ctx, trx, message, { reasonText: null, ...options });
}
