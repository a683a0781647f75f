import type { StoreContext } from './context';
import type { MediaRow, MessageRow, PartRow } from './rows';

/**
 * What goes of a message, beside its files: text and address, their keyed hashes (they serve to find its echo, its
 * contact and its doubles, which is over, and whoever has our key could test a guess against them), and the gateway's
 * words about it. What stays: ids, states, times, so that the same message stays a duplicate and its end is known.
 */
const GONE: Partial<MessageRow> = {
  address_sealed: null,
  address_key: null,
  content_sealed: null,
  content_key: null,
  reason_text: null,
};

export interface ErasedBatch {
  count: number;
  /** Names of files in MEDIA_DIR. */
  mediaIds: string[];
}

/**
 * Erases what is private of those of some messages that are still ended. One transaction; the messages are locked by
 * their keys, so that none is begun anew meanwhile. Returns how many were erased, and whose files are nobody's now.
 */
export async function eraseMessages(ctx: StoreContext, ids: readonly string[]): Promise<ErasedBatch> {
  if (ids.length === 0) return { count: 0, mediaIds: [] };
  return await ctx.db.tx(async (trx) => {
    const now = await ctx.db.now(trx);
    const ended = await trx<MessageRow>('messages')
      .whereIn('id', ids)
      .where({ open: 0 })
      .whereNull('erased_at')
      .orderBy('id')
      .forUpdate()
      .pluck('id');
    await trx<MessageRow>('messages')
      .whereIn('id', ended)
      .update({ ...GONE, erased_at: now });
    // The party of what arrived is the keyed hash of its sender; it orders what is unfinished only.
    await trx<MessageRow>('messages').whereIn('id', ended).where({ direction: 'inbound' }).update({ party: '' });
    await trx<PartRow>('message_parts').whereIn('message_id', ended).update({ address_key: null, echo_key: null });
    const mediaIds = await trx<MediaRow>('media').whereIn('message_id', ended).pluck('id');
    await trx<MediaRow>('media').whereIn('id', mediaIds).delete();
    return { count: ended.length, mediaIds };
  });
}
