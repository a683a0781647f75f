import type { Address, Channel } from '../../domain/address';
import type { Content } from '../../domain/content';
import type { PartSpec } from '../../domain/parts';
import { inboundLaneId, inboundWorkflowId } from '../../domain/ids';
import type { Scope, StoreContext } from '../context';
import { newId } from '../context';
import { ownConnection } from '../find';
import { ensureLane, lockLane } from '../lanes';
import type { MessageRow } from '../rows';
import { acceptedOf, blankMessage, findBySource, insertParts, type Accepted } from './acceptedRow';
import { addressKey, sealAddress, sealContent } from './codec';

export interface InboundInput {
  connectionId: string;
  gateway: string;
  gatewayId: string;
  channel: Channel;
  from: Address;
  content: Content;
  parts: PartSpec[];
  /** The channel's own time of the message, epoch milliseconds. */
  at: number;
  name?: string;
}

/**
 * Takes a message that arrived on a connection: sequenced behind its sender's earlier ones. Duplicates change nothing.
 * Throws not_found for another location's connection.
 */
export async function acceptInbound(ctx: StoreContext, scope: Scope, input: InboundInput): Promise<Accepted> {
  return await ctx.db.tx(async (trx) => {
    await ownConnection(trx, scope, input.connectionId);
    const key = addressKey(ctx.crypto, input.from);
    const laneId = inboundLaneId(input.connectionId, key);
    await ensureLane(trx, {
      id: laneId,
      location_id: scope.locationId,
      kind: 'inbound',
      connection_id: input.connectionId,
    });
    const lane = await lockLane(trx, laneId);
    const now = await ctx.db.now(trx);
    const sourceKey = `${input.connectionId}:${input.gatewayId}`;
    const first = await findBySource(trx, scope, input.gateway, sourceKey);
    if (first !== undefined) return acceptedOf(first, now, true);
    const id = newId(now);
    const row: MessageRow = {
      ...blankMessage(id, scope, now),
      direction: 'inbound',
      source: input.gateway,
      source_key: sourceKey,
      message_key: `${input.gateway}-${sourceKey}`,
      workflow_id: inboundWorkflowId(input.connectionId, input.gatewayId),
      channel: input.channel,
      connection_id: input.connectionId,
      lane_id: laneId,
      seq: lane.next_seq,
      party: key,
      address_key: key,
      address_sealed: sealAddress(ctx.crypto, id, input.from),
      content_sealed: sealContent(ctx.crypto, id, { ...input.content, at: input.at, name: input.name }),
      written_at: input.at,
      next_wake_at: now,
    };
    await trx('lanes')
      .where({ id: laneId })
      .update({ next_seq: lane.next_seq + 1 });
    await trx<MessageRow>('messages').insert(row);
    await insertParts(ctx, trx, row, input.content, input.parts);
    return acceptedOf(row, now, false);
  });
}
