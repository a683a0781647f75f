import { outboundLaneId } from '../../domain/ids';
import type { MessageStatus } from '../../domain/messageStatus';
import { present } from '../../domain/present';
import type { Scope, StoreContext, Trx, WakeRef } from '../context';
import { findConnection } from '../find';
import { gateNow } from '../messages/gateNow';
import { lockMessage } from '../messages/lock';
import { rereadMessage } from '../messages/reread';
import { partsOf } from '../messages/settle';
import type { LaneDbRow, MessageRow } from '../rows';
import { placeOf, type Place } from '../routing/place';
import { lockRows } from './earlierSends';
import { reopen } from './reopen';

/** Why a message that has failed or is unknown can not be sent again; src/commands/resendMessage.ts has the words. */
export type ResendRefusal =
  /** It has not failed and is not unknown. */
  | { why: 'state' }
  /** Its text or its receiver has been erased. */
  | { why: 'erased' }
  /** It was refused as it stands, so it would be again: code and words of its reason. */
  | { why: 'as_before'; reason: string | null; reasonText: string | null }
  /** What stands before it now would end it at once: code and words. */
  | { why: 'gate'; reason: string; reasonText: string | null };

export type Resent =
  | { resent: true; attempt: number; state: MessageStatus; wakes: WakeRef[] }
  | { resent: false; state: MessageStatus; refusal: ResendRefusal };

/**
 * Sends a failed or unknown message again, by a person's choice: the next attempt of the same row, with a run of its own,
 * at the end of its lane. After an unknown one the proof of that is waited for first. GHL follows the new attempt from
 * now on, which begins at pending. Throws not_found for another location's message.
 */
export async function resendMessage(ctx: StoreContext, scope: Scope, messageId: string): Promise<Resent> {
  return await ctx.db.tx(async (trx) => {
    const { message, lane } = await lockWhole(trx, scope, messageId);
    const now = await ctx.db.now(trx);
    const no = (refusal: ResendRefusal): Resent => ({ resent: false, state: message.state, refusal });
    const refused = await refusalOf(trx, message);
    if (refused !== null) return no(refused);
    const place = await placeAgain(trx, scope, message, lane);
    const stopped = await stoppedNow(ctx, trx, message, place, now);
    if (stopped !== null) return no(stopped);
    const { row, wakes } = await reopen(ctx, trx, message, place, now);
    return { resent: true, attempt: row.attempt, state: row.state, wakes };
  });
}

/** Its row as well as its lane: an erasure locks rows only, and what it takes must not be written back. */
async function lockWhole(trx: Trx, scope: Scope, messageId: string): ReturnType<typeof lockMessage> {
  const { lane } = await lockMessage(trx, scope, messageId);
  await lockRows(trx, [messageId]);
  return { message: await rereadMessage(trx, messageId), lane };
}

async function refusalOf(trx: Trx, message: MessageRow): Promise<ResendRefusal | null> {
  const { direction, state, content_sealed: content, address_sealed: address, reason, reason_text } = message;
  if (direction !== 'outbound' || (state !== 'failed' && state !== 'unknown')) return { why: 'state' };
  if (message.erased_at !== null || content === null) return { why: 'erased' };
  // Without parts it was refused when it was accepted; a number may have been connected since.
  const neverPlanned = (await partsOf(trx, message)).length === 0 && reason !== 'no_connection';
  return neverPlanned || address === null ? { why: 'as_before', reason, reasonText: reason_text } : null;
}

/** It stays on its number; one that has none, or whose number is gone, finds its way as a new one does. */
async function placeAgain(trx: Trx, scope: Scope, message: MessageRow, lane: LaneDbRow): Promise<Place> {
  const connection = await findConnection(trx, message.connection_id);
  if (connection !== null && lane.id === outboundLaneId(connection.id)) return { connection, lane, asks: false };
  const { channel, provider_id: providerId, contact_id, address_key: addressKey } = message;
  const contactId = present(contact_id, 'the contact of an outbound message');
  return await placeOf(trx, scope, { channel, providerId, contactId, addressKey });
}

/** What would end it at its first claim is said at once, and nothing changes. */
async function stoppedNow(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  { connection, asks }: Place,
  now: number,
): Promise<ResendRefusal | null> {
  const gate = await gateNow(ctx, trx, { ...message, hold_since: null, classed_at: now }, connection, now);
  const homeless = gate.kind === 'hold' && gate.reason === 'no_connection' && !asks;
  return gate.kind === 'end' || homeless ? { why: 'gate', reason: gate.reason, reasonText: gate.text } : null;
}
