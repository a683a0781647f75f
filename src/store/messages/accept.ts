import { isGroup, type Address, type Channel } from '../../domain/address';
import type { Content } from '../../domain/content';
import type { PartSpec } from '../../domain/parts';
import { outboundWorkflowId } from '../../domain/ids';
import { newId, type Scope, type StoreContext, type Trx } from '../context';
import { arrive, type Unplanned } from '../lane/arrive';
import { ensureLocation } from '../locations';
import { txAfterRace } from '../race';
import { guardRetry } from '../resends/retried';
import { placeOf } from '../routing/place';
import type { LocationRow, MessageRow } from '../rows';
import { acceptedOf, blankMessage, findBySource, insertParts, type Accepted } from './acceptedRow';
import { addressKey, contentKey, sealAddress, sealContent } from './codec';
import { classAtAccept, noClass } from './classify';
import { liftEarlier, wakeLifted } from './lift';
import { rememberExchange } from './rememberExchange';

export interface OutboundInput {
  source: string;
  sourceKey: string;
  messageKey: string;
  ghlMessageId: string | null;
  providerId: string | null;
  channel: Channel;
  contactId: string;
  /** The number that it has to leave on; absent: routed by its provider and channel. */
  connectionId?: string;
  userId?: string;
  /** Null only with `failure`: there is no address that it could go to. */
  address: Address | null;
  content: Content;
  parts: PartSpec[];
  /** Its files are fetched and its number is asked for before the first part is claimed; with files, always. */
  prepare?: boolean;
  /** Set when it can never be sent: it is stored and ends as failed with this reason. */
  failure?: { reason: string; text?: string };
}

/**
 * Takes a message for sending: one transaction, the lane locked, its place in the order fixed. The same
 * (location, source, source key) again changes nothing and returns the first one's row as a duplicate.
 */
export async function acceptOutbound(ctx: StoreContext, scope: Scope, input: OutboundInput): Promise<Accepted> {
  // Two first posts of one message may meet on different lanes.
  return await txAfterRace(ctx.db, (trx) => acceptOutboundIn(ctx, trx, scope, input));
}

async function acceptOutboundIn(ctx: StoreContext, trx: Trx, scope: Scope, input: OutboundInput): Promise<Accepted> {
  const location = await ensureLocation(ctx, trx, scope);
  const receiver = input.address === null ? null : addressKey(ctx.crypto, input.address);
  const { connection, lane, asks } = await placeOf(trx, scope, { ...input, addressKey: receiver });
  const connectionId = connection?.id ?? null;
  const now = await ctx.db.now(trx);
  const first = await findBySource(trx, scope, input.source, input.sourceKey);
  if (first !== undefined) return acceptedOf(first, now, true);
  const failure = input.failure ?? withoutParts(input) ?? neverConnected(location, connectionId, asks);
  const id = newId(now);
  const facts = {
    source: input.source,
    provider_id: input.providerId,
    user_id: input.userId ?? null,
    party: input.contactId,
    address_key: receiver,
    content_key: contentKey(ctx.crypto, input.content),
  };
  const unclassed = { location_id: scope.locationId, ...facts };
  const classed = failure === undefined ? await classAtAccept(trx, unclassed, now) : noClass(unclassed, now);
  const toGroup = input.address !== null && isGroup(input.address) ? 1 : 0;
  const files = input.content.attachments?.length ?? 0;
  const unplanned: Unplanned = { ...unclassed, ...classed, id, connection_id: connectionId, to_group: toGroup, files };
  const arrived = failure === undefined ? await arrive(ctx, trx, { lane, connection, location }, unplanned, now) : null;
  const plannedAt = arrived?.plannedAt ?? now;
  const guard = failure === undefined ? await guardRetry(ctx, trx, unclassed, plannedAt, now) : {};
  const row: MessageRow = {
    ...blankMessage(id, scope, now),
    ...facts,
    ...classed,
    direction: 'outbound',
    source_key: input.sourceKey,
    message_key: input.messageKey,
    workflow_id: outboundWorkflowId(scope.locationId, input.messageKey),
    ghl_message_id: input.ghlMessageId,
    channel: input.channel,
    connection_id: connectionId,
    lane_id: lane.id,
    seq: lane.next_seq,
    contact_id: input.contactId,
    address_sealed: input.address === null ? null : sealAddress(ctx.crypto, id, input.address),
    content_sealed: sealContent(ctx.crypto, id, input.content),
    files,
    prepared: input.prepare === true || files > 0 ? 0 : 1,
    to_group: toGroup,
    ...arrived?.noted,
    ...(plannedAt > now ? { state: 'waiting' as const, reason: 'behind' } : {}),
    ...(asks ? { state: 'waiting' as const, reason: 'routing' } : {}),
    next_wake_at: plannedAt,
    ...guard,
    ...(failure === undefined
      ? {}
      : {
          state: 'failed',
          open: 0,
          claimable: 0,
          reason: failure.reason,
          reason_text: failure.text ?? null,
          next_wake_at: null,
          tell_due_at: input.ghlMessageId === null ? null : now + ctx.timings.statusFirstDelayMs,
        }),
  };
  await trx<MessageRow>('messages').insert(row);
  if (failure === undefined) await insertParts(ctx, trx, row, input.content, input.parts);
  await rememberExchange(trx, row, now);
  const wakes = (await liftEarlier(trx, row)) ? await wakeLifted(ctx, trx, lane.id, connection, now) : [];
  return { ...acceptedOf(row, now, false, wakes), plannedAt };
}

function withoutParts({ parts }: OutboundInput): OutboundInput['failure'] {
  return parts.length === 0 ? { reason: 'nothing_to_send' } : undefined;
}

/** Contract: after the install, with no number ever connected, a message fails at once and says what to do. */
function neverConnected(location: LocationRow, connectionId: string | null, asks: boolean): OutboundInput['failure'] {
  const none = location.state === 'installed' && connectionId === null && location.first_connected_at === null;
  return none && !asks ? { reason: 'no_connection' } : undefined;
}
