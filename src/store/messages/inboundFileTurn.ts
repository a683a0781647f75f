import { FILE_HOLD_MS, fileTurn, samePost, type PostedFile } from '../../domain/inboundFile';
import { present } from '../../domain/present';
import type { StoreContext, Trx } from '../context';
import { wakeHead } from '../lanes';
import type { InboundFileRow } from '../mediaRows';
import type { MessageRow, PartRow } from '../rows';
import { waitFor, type ClaimResult } from './claimResult';
import { openFileAddress } from './codec';

/**
 * Deals with the file of a message that arrived, whether or not it is the message's turn: a file is fetched at once.
 * Returns the answer to the claim while it is waited for, else how the message is posted with it; null: it has none.
 */
export async function fileFirst(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  now: number,
): Promise<{ claim: ClaimResult } | { file: PostedFile | null }> {
  if (message.direction === 'outbound' || message.files === 0) return { file: null };
  const row = present(await fileOf(trx, message), 'the file of a message that arrived');
  const behindWords = await hasPostedWords(trx, message);
  const holdMs = ctx.timings.fileHoldMs ?? FILE_HOLD_MS;
  const { state, hold_until: holdUntil, retry_at: retryAt } = row;
  const turn = fileTurn({ now, state, holdUntil, retryAt, wordsPosted: behindWords }, holdMs);
  if (turn.kind === 'post') {
    const address = row.address_sealed === null ? null : openFileAddress(ctx.crypto, message.id, row.address_sealed);
    return { file: { how: turn.how, behindWords, address, reason: row.reason } };
  }
  if (holdUntil === null) await update(trx, message, { hold_until: now + holdMs });
  const { until, reason } = turn;
  const claim = await waitFor(trx, message, { now, until, reason, set: { not_before: until } });
  // Its own turn is over for now: another message of the lane may go, where there is one.
  return { claim: { ...claim, wake: await wakeHead(ctx, trx, message.lane_id, now) } };
}

/**
 * Adds to a granted post how it goes with the file, and notes that: whoever looks the post up after an answer that did
 * not come has to know what it was.
 */
export async function withFile(trx: Trx, granted: ClaimResult, file: PostedFile | null): Promise<ClaimResult> {
  if (granted.kind !== 'granted' || file === null) return granted;
  const row = present(await fileOf(trx, granted.message), 'the file of a message that arrived');
  const how = samePost(granted.lookFirst ? row.posting : null, file.how);
  await update(trx, granted.message, { posting: how });
  return { ...granted, file: { ...file, how } };
}

/** Returns the row of a message's file. */
export async function fileOf(
  trx: Trx,
  { id, location_id }: Pick<MessageRow, 'id' | 'location_id'>,
): Promise<InboundFileRow | undefined> {
  return await trx<InboundFileRow>('inbound_files').where({ message_id: id, location_id }).first();
}

async function update(trx: Trx, { id }: MessageRow, change: Partial<InboundFileRow>): Promise<void> {
  await trx<InboundFileRow>('inbound_files').where({ message_id: id }).update(change);
}

async function hasPostedWords(trx: Trx, { id, attempt }: MessageRow): Promise<boolean> {
  const posted = await trx<PartRow>('message_parts').where({ message_id: id, attempt, state: 'delivered' }).first('id');
  return posted !== undefined;
}
