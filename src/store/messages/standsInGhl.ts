import type { Scope, StoreContext } from '../context';
import type { MessageRow } from '../rows';

/** Returns whether a message of GHL is one of the ledger's already: what is looked for by its words is another one. */
export async function hasGhlMessage(ctx: StoreContext, scope: Scope, ghlMessageId: string): Promise<boolean> {
  const row = await ctx.db
    .knex<MessageRow>('messages')
    .where({ location_id: scope.locationId, ghl_message_id: ghlMessageId })
    .first('id');
  return row !== undefined;
}

/** Returns whether the other side has written after this message was written, and GHL shows it. */
export async function wasAskedSince(ctx: StoreContext, scope: Scope, messageId: string): Promise<boolean> {
  const name = { id: messageId, location_id: scope.locationId };
  const message = await ctx.db.knex<MessageRow>('messages').where(name).first();
  if (message?.address_key == null) return false;
  const later = await ctx.db
    .knex<MessageRow>('messages')
    .where({ lane_id: message.lane_id, party: message.address_key, open: 0, own: 0 })
    .where('written_at', '>', message.written_at ?? 0)
    .whereNotNull('ghl_message_id')
    .first('id');
  return later !== undefined;
}
