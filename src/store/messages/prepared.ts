import type { NumberCheck } from '../../channels/gateway';
import { backoff, tickRetryClock } from '../../domain/lane/retry';
import { planParts, type Prepared } from '../../domain/parts';
import { present } from '../../domain/present';
import type { Scope, StoreContext, Trx, WakeRef } from '../context';
import { findConnection } from '../find';
import { wakeHead } from '../lanes';
import { directToNumber, knownNumber, rememberNumber } from '../numbers';
import type { MessageRow, PartRow } from '../rows';
import { insertParts } from './acceptedRow';
import { openContent } from './codec';
import { lockMessage } from './lock';
import { endUnsent, partsOf, settle } from './settle';

/** What was found out before the first part is claimed. */
export interface Found {
  /** One for each attachment, in order. */
  files: readonly Prepared[];
  /** Null: the number was not asked for. */
  number: NumberCheck | null;
}

/**
 * Writes down what was found of a message's files and number, and plans its parts anew by it; one whose number is not
 * there ends. Changes nothing once a part was claimed or the message has ended. Returns whom to wake.
 */
export async function recordPrepared(
  ctx: StoreContext,
  scope: Scope,
  messageId: string,
  found: Found,
): Promise<WakeRef[]> {
  return await whileUnclaimed(ctx, scope, messageId, async (trx, message, now) => {
    if (found.number?.kind === 'known') await rememberNumber(ctx, trx, message, found.number, now);
    const number = await knownNumber(trx, message, now);
    if (number?.exists_there === 0) {
      await endUnsent(ctx, trx, message, 'failed', { now, reason: 'not_on_whatsapp' });
      return;
    }
    await planAnew(ctx, trx, message, found.files);
    if (number !== null) await directToNumber(ctx, trx, message, number, now);
    await settle(ctx, trx, message, { now, reason: 'behind', nextWakeAt: now, set: { prepared: 1, not_before: 0 } });
  });
}

/** Ends a message one of whose files can not be sent; nothing of it has left. Returns whom to wake. */
export async function failPreparation(
  ctx: StoreContext,
  scope: Scope,
  messageId: string,
  why: { reason: string; text: string },
): Promise<WakeRef[]> {
  return await whileUnclaimed(ctx, scope, messageId, async (trx, message, now) => {
    await endUnsent(ctx, trx, message, 'failed', { now, reason: why.reason, reasonText: why.text });
  });
}

/**
 * Puts a message off whose files can not be fetched just now, by the same clock as an answered refusal of the gateway;
 * with that run out it fails. `afterMs`: not before that, where somebody said so. Returns whom to wake.
 */
export async function deferPreparation(
  ctx: StoreContext,
  scope: Scope,
  messageId: string,
  why: { reason: string; text: string; afterMs?: number },
): Promise<WakeRef[]> {
  return await whileUnclaimed(ctx, scope, messageId, async (trx, message, now) => {
    const clock = tickRetryClock({ spentMs: message.retry_spent_ms, lastAt: message.retry_last_at }, now);
    const left = ctx.timings.retryDeadlineMs - clock.spentMs;
    if (left <= 0) {
      await endUnsent(ctx, trx, message, 'failed', { now, reason: why.reason, reasonText: why.text });
      return;
    }
    const tries = message.tries + 1;
    const notBefore = now + Math.min(Math.max(backoff(tries), why.afterMs ?? 0), left);
    const spent = { tries, retry_spent_ms: clock.spentMs, retry_last_at: clock.lastAt, not_before: notBefore };
    const waits = { reason: 'file_retrying', reasonText: null, nextWakeAt: notBefore };
    await settle(ctx, trx, message, { now, ...waits, set: spent });
  });
}

/** Puts a message off for whose files nobody had a hand free, which is no fault of theirs. Returns whom to wake. */
export async function postponePreparation(
  ctx: StoreContext,
  scope: Scope,
  messageId: string,
  afterMs: number,
): Promise<WakeRef[]> {
  return await whileUnclaimed(ctx, scope, messageId, async (trx, message, now) => {
    const until = now + afterMs;
    const waits = { reason: 'preparing', reasonText: null, nextWakeAt: until };
    await settle(ctx, trx, message, { now, ...waits, set: { not_before: until } });
  });
}

type Change = (trx: Trx, message: MessageRow, now: number) => Promise<void>;

/** Runs a change under the lane's lock while the message is open, unprepared, and none of its parts was ever claimed. */
async function whileUnclaimed(ctx: StoreContext, scope: Scope, messageId: string, change: Change): Promise<WakeRef[]> {
  return await ctx.db.tx(async (trx) => {
    const { message, lane } = await lockMessage(trx, scope, messageId);
    if (message.open === 0 || message.prepared === 1 || message.claimed === 1) return [];
    const now = await ctx.db.now(trx);
    await change(trx, message, now);
    const head = await wakeHead(ctx, trx, lane.id, now);
    return head === null || head.messageId === messageId ? [] : [head];
  });
}

async function planAnew(ctx: StoreContext, trx: Trx, message: MessageRow, files: readonly Prepared[]): Promise<void> {
  if (message.files === 0) return;
  const connection = present(await findConnection(trx, message.connection_id), 'the connection of a message');
  const content = openContent(ctx.crypto, message.id, present(message.content_sealed, 'the content of a message'));
  const specs = planParts(content, ctx.capabilities(connection.gateway).partLimits, files);
  const before = await partsOf(trx, message);
  await trx<PartRow>('message_parts')
    .whereIn(
      'id',
      before.map((part) => part.id),
    )
    .delete();
  await insertParts(ctx, trx, message, content, specs);
}
