import { present } from '../../domain/present';
import { followedTo, heedEarlier, type Proof, type Send } from '../../domain/retryGuard';
import type { StoreContext, Trx } from '../context';
import { wakeHead } from '../lanes';
import { waitFor, type ClaimResult } from '../messages/claimResult';
import { partsOf, settle } from '../messages/settle';
import type { MessageRow, PartRow } from '../rows';
import { earlierSends } from './earlierSends';

/**
 * Answers the claim of a message that may repeat an earlier send, while none of its own parts has left: it waits for the
 * proof of that, or takes its status when the proof has come, however late. Null: it goes on to its lane. The lane is
 * locked, and so is whatever it heeds, so a proof either counts here or comes after the claim.
 */
export async function heed(ctx: StoreContext, trx: Trx, message: MessageRow, now: number): Promise<ClaimResult | null> {
  const { earlier_until: until } = message;
  if (until === null) return null;
  const parts = await partsOf(trx, message);
  if (parts.some(({ state }) => state !== 'unsent')) return null;
  const answer = heedEarlier(await earlierSends(trx, message), until, now);
  switch (answer.kind) {
    case 'send':
      return null;
    case 'wait': {
      const set = { not_before: Math.max(message.not_before, until) };
      return await waitFor(trx, message, { now, until, reason: 'awaiting_earlier', set });
    }
    case 'follow': {
      const { state } = await follow(ctx, trx, message, answer, now);
      return { kind: 'done', state, wake: await wakeHead(ctx, trx, message.lane_id, now) };
    }
  }
}

/**
 * Brings a message that follows an earlier send to where that stands by now. The caller holds the lane. Returns the
 * message's row.
 */
export async function followOn(ctx: StoreContext, trx: Trx, message: MessageRow, now: number): Promise<MessageRow> {
  if (message.follows === 0) return message;
  const [earlier] = await earlierSends(trx, message);
  const send = present(earlier, 'the send that a message follows');
  const state = followedTo(message.state, send);
  return state === null ? message : await follow(ctx, trx, message, { send, state }, now);
}

async function follow(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  { send, state }: { send: Send; state: Proof | 'unknown' },
  now: number,
): Promise<MessageRow> {
  const reason = state === 'unknown' ? 'nack' : 'earlier_arrived';
  await trx<PartRow>('message_parts')
    .where({ message_id: message.id, attempt: message.attempt })
    .update({ state, reason, state_since: now });
  const set = { earlier_id: send.messageId, earlier_attempt: send.attempt, follows: 1 as const, hold_since: null };
  return await settle(ctx, trx, message, { now, reasonText: null, set });
}
