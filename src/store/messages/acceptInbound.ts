import { isGroup, type Address, type Channel } from '../../domain/address';
import type { Content } from '../../domain/content';
import type { PartSpec } from '../../domain/parts';
import { groupLaneId, inboundLaneId, inboundWorkflowId } from '../../domain/ids';
import { noteChat, noteChatBeside } from '../chats';
import type { Scope, StoreContext, Trx } from '../context';
import { newId } from '../context';
import { findConnection, ownConnection } from '../find';
import { markKnown } from '../lane/fresh';
import { ensureLane, lockLane } from '../lanes';
import { noteOptOut } from '../optOuts';
import type { IdentityRow } from '../peopleRows';
import type { LaneDbRow, MessageRow } from '../rows';
import { acceptedOf, blankMessage, findBySource, insertParts, type Accepted } from './acceptedRow';
import { addressKey, sealAddress, sealContent } from './codec';
import { findInGroup } from './inGroup';
import { insertInboundFile } from './inboundFile';
import { addLaterFile } from './laterFile';
import { wakeLifted } from './lift';
import { lockWaiting, raiseWaiting } from './raise';
import { sourceKeyOf } from './sourceKey';

export interface InboundInput {
  connectionId: string;
  gateway: string;
  gatewayId: string;
  channel: Channel;
  /** The sender; of what was typed on the phone itself, whom it went to. A group where it was written in one. */
  from: Address;
  content: Content;
  parts: PartSpec[];
  /** The channel's own time of the message, epoch milliseconds. */
  at: number;
  name?: string;
  /** True: typed on the phone itself. It is posted in the same order as what its receiver writes. */
  own?: boolean;
}

/**
 * Takes a message that arrived on a connection: sequenced behind its sender's earlier ones. What waits for that person
 * may be an answer now, and go earlier. A duplicate changes nothing, but may name the file that the first post left out.
 * A group's message is one for all numbers of the location. Throws not_found for another location's connection.
 */
export async function acceptInbound(ctx: StoreContext, scope: Scope, input: InboundInput): Promise<Accepted> {
  return await ctx.db.tx(async (trx) => {
    await ownConnection(trx, scope, input.connectionId);
    if (input.own === true) return await acceptInboundIn(ctx, trx, scope, input);
    const waiting = await lockWaiting(trx, scope, addressKey(ctx.crypto, input.from));
    const accepted = await acceptInboundIn(ctx, trx, scope, input);
    if (accepted.duplicate) return accepted;
    const raised = await raiseWaiting(ctx, trx, waiting, { at: input.at, now: accepted.now });
    if (raised.length > 0) return { ...accepted, wakes: raised };
    // Nobody's order has changed; but what waits for its writer opens no conversation any more.
    const lane = waiting.lanes.find((one) => one.connection_id === input.connectionId);
    const connection = lane && (await findConnection(trx, input.connectionId));
    return { ...accepted, wakes: lane ? await wakeLifted(ctx, trx, lane.id, connection ?? null, accepted.now) : [] };
  });
}

/** The same inside a transaction, which may hold the lane of the connection's sends; the connection is the location's. */
export async function acceptInboundIn(
  ctx: StoreContext,
  trx: Trx,
  scope: Scope,
  input: InboundInput,
): Promise<Accepted> {
  const { connectionId } = input;
  const key = addressKey(ctx.crypto, input.from);
  const inGroup = isGroup(input.from);
  const party = inGroup ? key : await partyOf(trx, scope, connectionId, key);
  const lane = await lockInboundLane(ctx, trx, scope, { connectionId, party, inGroup });
  const now = await ctx.db.now(trx);
  const sourceKey = sourceKeyOf(connectionId, input.gatewayId);
  const first = inGroup
    ? await findInGroup(trx, scope, { source: input.gateway, connectionId, gatewayId: input.gatewayId, key })
    : await findBySource(trx, scope, input.gateway, sourceKey);
  if (first !== undefined) {
    if (inGroup) await noteChatBeside(ctx, trx, scope, connectionId, input.from, now);
    if (first.lane_id === lane.id) await addLaterFile(ctx, trx, first, input);
    return acceptedOf(first, now, true);
  }
  const id = newId(now);
  const row: MessageRow = {
    ...blankMessage(id, scope, now),
    direction: 'inbound',
    source: input.gateway,
    source_key: sourceKey,
    message_key: `${input.gateway}-${sourceKey}`,
    workflow_id: inboundWorkflowId(connectionId, input.gatewayId),
    channel: input.channel,
    connection_id: connectionId,
    lane_id: lane.id,
    seq: lane.next_seq,
    party,
    address_key: key,
    address_sealed: sealAddress(ctx.crypto, id, input.from),
    content_sealed: sealContent(ctx.crypto, id, { ...input.content, at: input.at, name: input.name }),
    written_at: input.at,
    next_wake_at: now,
    own: input.own === true ? 1 : 0,
    files: input.content.file === undefined ? 0 : 1,
  };
  await trx('lanes')
    .where({ id: lane.id })
    .update({ next_seq: lane.next_seq + 1 });
  await trx<MessageRow>('messages').insert(row);
  await insertParts(ctx, trx, row, input.content, input.parts);
  if (row.files > 0) await insertInboundFile(trx, row);
  await markKnown(trx, row);
  await noteChat(ctx, trx, scope, connectionId, input.from, now);
  // Only the contact can opt out, not whoever has the phone in his hand.
  if (row.own === 0) await noteOptOut(trx, row, input, now);
  return acceptedOf(row, now, false);
}

/** A group has one lane, through whichever numbers its messages come: so they keep their order, and it gets one contact. */
async function lockInboundLane(
  ctx: StoreContext,
  trx: Trx,
  scope: Scope,
  { connectionId, party, inGroup }: { connectionId: string; party: string; inGroup: boolean },
): Promise<LaneDbRow> {
  const place = ctx.crypto.index(`location|${scope.locationId}`);
  const id = inGroup ? groupLaneId(place, party) : inboundLaneId(connectionId, party);
  const lane = { id, location_id: scope.locationId, kind: 'inbound' as const };
  await ensureLane(trx, { ...lane, connection_id: inGroup ? null : connectionId });
  return await lockLane(trx, id);
}

/**
 * Returns the keyed hash under which a sender's messages stand in line: its address as long as something under that is
 * unfinished, else the hidden identity that is the same person and under which something is. Otherwise the two would
 * overtake each other.
 */
async function partyOf(trx: Trx, scope: Scope, connectionId: string, key: string): Promise<string> {
  const hidden = await trx<IdentityRow>('identities')
    .where({ location_id: scope.locationId, address_key: key })
    .distinct()
    .pluck<string[]>('lid_key');
  if (hidden.length === 0) return key;
  for (const one of [key, ...hidden]) {
    const waiting = { lane_id: inboundLaneId(connectionId, one), party: one, open: 1 as const };
    if ((await trx<MessageRow>('messages').where(waiting).first('id')) !== undefined) return one;
  }
  return key;
}
