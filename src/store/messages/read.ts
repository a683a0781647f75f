import { outboundLaneId } from '../../domain/ids';
import type { Gate } from '../../domain/gate';
import type { Scope, StoreContext, Trx } from '../context';
import { findConnection } from '../find';
import type { ConnectionRow, MessageRow, PartRow } from '../rows';
import { gateNow } from './gateNow';

export interface MessageWithParts {
  message: MessageRow;
  /** Of every attempt, in order. */
  parts: PartRow[];
  /** What holds it now, whether or not it has woken since and written that down; null: nothing, or it waits no more. */
  hold: (Gate & { kind: 'hold' }) | null;
}

/** Returns a location's message by its message key, or null. */
export async function findByKey(ctx: StoreContext, scope: Scope, messageKey: string): Promise<MessageWithParts | null> {
  const name = { location_id: scope.locationId, message_key: messageKey };
  return await ctx.db.tx(async (trx) => {
    const message = await trx<MessageRow>('messages').where(name).first();
    if (message === undefined) return null;
    const parts = await trx<PartRow>('message_parts')
      .where({ message_id: message.id })
      .orderBy([{ column: 'attempt' }, { column: 'n' }]);
    return { message, parts, hold: await holdOf(ctx, trx, message) };
  });
}

async function holdOf(ctx: StoreContext, trx: Trx, message: MessageRow): Promise<MessageWithParts['hold']> {
  if (message.state !== 'accepted' && message.state !== 'waiting') return null;
  const connection = await findConnection(trx, message.connection_id);
  const gate = await gateNow(ctx, trx, message, connection, await ctx.db.now(trx));
  return gate.kind === 'hold' ? gate : null;
}

/** Returns every connection with the number of messages that wait on it: the operator's view across all locations. */
export async function listConnections(ctx: StoreContext): Promise<(ConnectionRow & { waiting: number })[]> {
  const connections = await ctx.db.knex<ConnectionRow>('connections').orderBy('id');
  // By their lanes: what is open there is found by an index, however many messages have ended.
  const lanes = connections.map(({ id }) => outboundLaneId(id));
  const counts = await ctx.db
    .knex('messages')
    .whereIn('lane_id', lanes)
    .where({ open: 1 })
    .groupBy('lane_id')
    .select<{ lane_id: string; waiting: number | string }[]>('lane_id', ctx.db.knex.raw('count(*) as waiting'));
  const waiting = new Map(counts.map((row) => [row.lane_id, Number(row.waiting)]));
  return connections.map((connection) => ({ ...connection, waiting: waiting.get(outboundLaneId(connection.id)) ?? 0 }));
}
