import { isGroup, type Address, type Channel } from '../../domain/address';
import type { Content } from '../../domain/content';
import type { PartSpec } from '../../domain/parts';
import { outboundLaneId, outboundWorkflowId, parkingLaneId } from '../../domain/ids';
import { routeOf, type RoutableConnection } from '../../domain/routing';
import { newId, type Scope, type StoreContext, type Trx } from '../context';
import { lockLane, planAtTail } from '../lanes';
import { ensureLocation } from '../locations';
import { txAfterRace } from '../race';
import type { ConnectionRow, LaneDbRow, LocationRow, MessageRow } from '../rows';
import { paceOf } from './pace';
import { acceptedOf, blankMessage, findBySource, insertParts, type Accepted } from './acceptedRow';
import { addressKey, contentKey, sealAddress, sealContent } from './codec';
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
  const { connection, lane } = await place(trx, scope, input);
  const connectionId = connection?.id ?? null;
  const now = await ctx.db.now(trx);
  const first = await findBySource(trx, scope, input.source, input.sourceKey);
  if (first !== undefined) return acceptedOf(first, now, true);
  const failure = input.failure ?? withoutParts(input) ?? neverConnected(location, connectionId);
  const id = newId(now);
  const plannedAt = failure === undefined ? await planAtTail(trx, lane, now, paceOf(ctx, 'outbound', connection)) : now;
  const row: MessageRow = {
    ...blankMessage(id, scope, now),
    direction: 'outbound',
    source: input.source,
    source_key: input.sourceKey,
    message_key: input.messageKey,
    workflow_id: outboundWorkflowId(scope.locationId, input.messageKey),
    ghl_message_id: input.ghlMessageId,
    provider_id: input.providerId,
    channel: input.channel,
    connection_id: connectionId,
    lane_id: lane.id,
    seq: lane.next_seq,
    party: input.contactId,
    contact_id: input.contactId,
    user_id: input.userId ?? null,
    address_key: input.address === null ? null : addressKey(ctx.crypto, input.address),
    address_sealed: input.address === null ? null : sealAddress(ctx.crypto, id, input.address),
    content_sealed: sealContent(ctx.crypto, id, input.content),
    content_key: contentKey(ctx.crypto, input.content),
    files: input.content.attachments?.length ?? 0,
    prepared: input.prepare === true || (input.content.attachments?.length ?? 0) > 0 ? 0 : 1,
    to_group: input.address !== null && isGroup(input.address) ? 1 : 0,
    ...(plannedAt > now ? { state: 'waiting' as const, reason: 'behind' } : {}),
    next_wake_at: plannedAt,
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
  return { ...acceptedOf(row, now, false), plannedAt };
}

function withoutParts({ parts }: OutboundInput): OutboundInput['failure'] {
  return parts.length === 0 ? { reason: 'nothing_to_send' } : undefined;
}

/** Contract: after the install, with no number ever connected, a message fails at once and says what to do. */
function neverConnected(location: LocationRow, connectionId: string | null): OutboundInput['failure'] {
  const none = location.state === 'installed' && connectionId === null && location.first_connected_at === null;
  return none ? { reason: 'no_connection' } : undefined;
}

/**
 * Returns the message's connection and its lane, locked. A number that was connected while this waited for the parking
 * lane has emptied it, so the way is asked for again.
 */
async function place(
  trx: Trx,
  scope: Scope,
  input: OutboundInput,
): Promise<{ connection: ConnectionRow | null; lane: LaneDbRow }> {
  for (;;) {
    const connection = await route(trx, scope, input);
    const lane = await lockLane(trx, connection ? outboundLaneId(connection.id) : parkingLaneId(scope.locationId));
    if (connection !== null || (await route(trx, scope, input)) === null) return { connection, lane };
  }
}

async function route(trx: Trx, scope: Scope, input: OutboundInput): Promise<ConnectionRow | null> {
  const named = input.connectionId === undefined ? {} : { id: input.connectionId };
  const connections = await trx<ConnectionRow>('connections')
    .where({ location_id: scope.locationId, ...named })
    .orderBy([{ column: 'created_at' }, { column: 'id' }]);
  if (input.connectionId !== undefined) return connections[0] ?? null;
  const unfinishedOn = connections.length > 1 ? await unfinishedConnection(trx, scope, input, connections) : null;
  const { channel, providerId } = input;
  const chosen = routeOf({ channel, providerId, connections: connections.map(routable), unfinishedOn });
  return connections.find((connection) => connection.id === chosen) ?? null;
}

function routable({ id, channel, settings }: ConnectionRow): RoutableConnection {
  const { providers } = JSON.parse(settings) as Pick<RoutableConnection, 'providers'>;
  return { id, channel, providers };
}

async function unfinishedConnection(
  trx: Trx,
  scope: Scope,
  input: OutboundInput,
  connections: ConnectionRow[],
): Promise<string | null> {
  const lanes = connections.map((connection) => outboundLaneId(connection.id));
  const unfinished = await trx<MessageRow>('messages')
    .where({ location_id: scope.locationId, party: input.contactId, open: 1, direction: 'outbound' })
    .whereIn('lane_id', lanes)
    .first('connection_id');
  return unfinished?.connection_id ?? null;
}
