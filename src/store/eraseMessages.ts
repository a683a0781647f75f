import type { StoreContext, Trx } from './context';
import type { InboundFileRow, MediaRow } from './mediaRows';
import type { MessageRow, PartRow } from './rows';

/**
 * What goes of a message, beside its files: text and address, their keyed hashes (they serve to find its echo, its
 * contact and its doubles, which is over, and whoever has our key could test a guess against them). The gateway's words
 * about it go too. What stays: ids, states, times, so that the same message stays a duplicate and its end is known.
 */
const GONE: Partial<MessageRow> = {
  address_sealed: null,
  address_key: null,
  content_sealed: null,
  content_key: null,
};

export interface ErasedBatch {
  count: number;
  echoes: number;
  /** Names of files in MEDIA_DIR. */
  mediaIds: string[];
}

/**
 * Erases what is private of those of some messages that are still ended. One transaction; the messages are locked by
 * their keys, so that none is begun anew meanwhile. `untoldWords`: whether the gateway's words about an end of which GHL
 * does not know yet go as well; kept, they go once it was told (messages/tell.ts). Returns how many were erased, how
 * many echoes of them, and whose files are nobody's now.
 */
export async function eraseMessages(
  ctx: StoreContext,
  ids: readonly string[],
  { untoldWords }: { untoldWords: 'erase' | 'keep' },
): Promise<ErasedBatch> {
  if (ids.length === 0) return { count: 0, echoes: 0, mediaIds: [] };
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
    const words = trx<MessageRow>('messages').whereIn('id', ended);
    if (untoldWords === 'keep') void words.whereNull('tell_due_at');
    await words.update({ reason_text: null });
    // The party of what arrived is the keyed hash of its sender; it orders what is unfinished only.
    await trx<MessageRow>('messages').whereIn('id', ended).where({ direction: 'inbound' }).update({ party: '' });
    await trx<PartRow>('message_parts').whereIn('message_id', ended).update({ address_key: null, echo_key: null });
    await trx<InboundFileRow>('inbound_files').whereIn('message_id', ended).delete();
    const echoes = await deleteEchoes(trx, ended);
    const mediaIds = await trx<MediaRow>('media').whereIn('message_id', ended).pluck('id');
    await trx<MediaRow>('media').whereIn('id', mediaIds).delete();
    return { count: ended.length, echoes, mediaIds };
  });
}

/** An echo has its message's text. By its own address it is not always found: a chat may be known by a LID alone. */
async function deleteEchoes(trx: Trx, messageIds: readonly string[]): Promise<number> {
  const echoes = await trx('echoes as e')
    .join('message_parts as p', (on) => {
      on.on('p.connection_id', 'e.connection_id').andOn('p.gateway_id', 'e.gateway_id');
    })
    .whereIn('p.message_id', messageIds)
    .pluck<string[]>('e.id');
  return await trx('echoes').whereIn('id', echoes).delete();
}
