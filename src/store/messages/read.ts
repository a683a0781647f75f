import type { Scope, StoreContext } from '../context';
import type { ConnectionRow, MessageRow, PartRow } from '../rows';

export interface MessageWithParts {
  message: MessageRow;
  /** Of every attempt, in order. */
  parts: PartRow[];
}

/** Returns a location's message by its message key, or null. */
export async function findByKey(ctx: StoreContext, scope: Scope, messageKey: string): Promise<MessageWithParts | null> {
  const name = { location_id: scope.locationId, message_key: messageKey };
  const message = await ctx.db.knex<MessageRow>('messages').where(name).first();
  if (message === undefined) return null;
  const parts = await ctx.db
    .knex<PartRow>('message_parts')
    .where({ message_id: message.id })
    .orderBy([{ column: 'attempt' }, { column: 'n' }]);
  return { message, parts };
}

/** Returns every connection with the number of messages that wait on it: the operator's view across all locations. */
export async function listConnections(ctx: StoreContext): Promise<(ConnectionRow & { waiting: number })[]> {
  const connections = await ctx.db.knex<ConnectionRow>('connections').orderBy('id');
  const counts = await ctx.db
    .knex('messages')
    .where({ open: 1, direction: 'outbound' })
    .groupBy('connection_id')
    .select<{ connection_id: string | null; waiting: number | string }[]>(
      'connection_id',
      ctx.db.knex.raw('count(*) as waiting'),
    );
  const waiting = new Map(counts.map((row) => [row.connection_id, Number(row.waiting)]));
  return connections.map((connection) => ({ ...connection, waiting: waiting.get(connection.id) ?? 0 }));
}
