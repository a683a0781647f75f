import { backoff } from '../../domain/lane/retry';
import type { FileReference } from '../../domain/content';
import { present } from '../../domain/present';
import type { Scope, StoreContext, Trx, WakeRef } from '../context';
import { wakeHead } from '../lanes';
import type { InboundFileRow } from '../mediaRows';
import type { LaneDbRow, MessageRow } from '../rows';
import { openContent, sealFileAddress } from './codec';
import { fileOf } from './inboundFileTurn';
import { lockMessage } from './lock';

/** What became of fetching a file. */
export type FileFetched =
  | { kind: 'kept' }
  /** Never to be had. */
  | { kind: 'failed'; reason: string }
  /** Not just now, and not before `afterMs`. */
  | { kind: 'later'; reason: string; afterMs: number }
  /** Nobody had a hand free for it, which is no fault of the file. */
  | { kind: 'busy'; afterMs: number };

/** Makes the row of a file that is to be fetched, with its message. */
export async function insertInboundFile(trx: Trx, { id, location_id }: MessageRow): Promise<void> {
  const row: InboundFileRow = {
    message_id: id,
    location_id,
    state: 'wanted',
    hold_until: null,
    retry_at: null,
    give_up_at: null,
    tries: 0,
    reason: null,
    posting: null,
    address_sealed: null,
    ghl_message_id: null,
  };
  await trx<InboundFileRow>('inbound_files').insert(row);
}

/** Returns the reference of a message's file that is still to be fetched; null: there is nothing (more) to fetch. */
export async function wantedFile(ctx: StoreContext, scope: Scope, messageId: string): Promise<FileReference | null> {
  const name = { id: messageId, location_id: scope.locationId };
  const message = await ctx.db.knex<MessageRow>('messages').where(name).first();
  if (message === undefined || message.open === 0 || message.content_sealed === null) return null;
  const row = await ctx.db.knex<InboundFileRow>('inbound_files').where({ message_id: messageId }).first();
  if (row?.state !== 'wanted') return null;
  return openContent(ctx.crypto, messageId, message.content_sealed).file ?? null;
}

/**
 * Writes down what became of fetching a message's file. One that fails for longer than RETRY_DEADLINE_MS has failed for
 * good. Changes nothing where it is settled already. Returns whom to wake. Throws not_found.
 */
export async function recordFile(
  ctx: StoreContext,
  scope: Scope,
  messageId: string,
  fetched: FileFetched,
): Promise<WakeRef[]> {
  return await ctx.db.tx(async (trx) => {
    const { message, lane } = await lockMessage(trx, scope, messageId);
    const row = await fileOf(trx, message);
    if (message.open === 0 || row?.state !== 'wanted') return [];
    const now = await ctx.db.now(trx);
    const change = after(row, fetched, now, ctx.timings.retryDeadlineMs);
    await trx<InboundFileRow>('inbound_files').where({ message_id: messageId }).update(change);
    if (change.state !== undefined) await endWait(trx, message, now);
    return await othersToWake(ctx, trx, lane, message, now);
  });
}

function after(row: InboundFileRow, fetched: FileFetched, now: number, deadlineMs: number): Partial<InboundFileRow> {
  if (fetched.kind === 'kept') return { state: 'kept', retry_at: null };
  if (fetched.kind === 'busy') return { retry_at: now + fetched.afterMs };
  const tries = row.tries + 1;
  const giveUpAt = row.give_up_at ?? now + deadlineMs;
  const { reason } = fetched;
  if (fetched.kind === 'failed' || giveUpAt <= now) return { state: 'failed', reason, tries, retry_at: null };
  return { tries, reason, give_up_at: giveUpAt, retry_at: now + Math.max(backoff(tries), fetched.afterMs) };
}

/** Only a wait for the file ends with it: one for GHL goes on. */
async function endWait(trx: Trx, message: MessageRow, now: number): Promise<void> {
  if (message.reason !== 'file_coming' && message.reason !== 'file_retrying') return;
  await trx<MessageRow>('messages').where({ id: message.id }).update({ not_before: 0, next_wake_at: now });
}

async function othersToWake(
  ctx: StoreContext,
  trx: Trx,
  lane: LaneDbRow,
  message: MessageRow,
  now: number,
): Promise<WakeRef[]> {
  const head = await wakeHead(ctx, trx, lane.id, now);
  return head === null || head.messageId === message.id ? [] : [head];
}

/** Notes where GHL shows a message's file from, so that it is stored there once. Throws not_found. */
export async function noteFileAddress(
  ctx: StoreContext,
  scope: Scope,
  messageId: string,
  address: string,
): Promise<void> {
  await ctx.db.tx(async (trx) => {
    const { message } = await lockMessage(trx, scope, messageId);
    present(await fileOf(trx, message), 'the file of a message that arrived');
    const sealed = sealFileAddress(ctx.crypto, messageId, address);
    await trx<InboundFileRow>('inbound_files').where({ message_id: messageId }).update({ address_sealed: sealed });
  });
}

/** A kept file is not to be had any more, or GHL refuses it: words are posted in its place. */
export async function loseFile(ctx: StoreContext, scope: Scope, messageId: string, reason: string): Promise<void> {
  await ctx.db
    .knex<InboundFileRow>('inbound_files')
    .where({ message_id: messageId, location_id: scope.locationId, state: 'kept' })
    .update({ state: 'failed', reason });
}
