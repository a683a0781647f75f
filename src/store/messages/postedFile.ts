import type { StoreContext, Trx } from '../context';
import type { InboundFileRow } from '../mediaRows';
import type { MessageRow, PartRow } from '../rows';
import { rereadMessage } from './reread';
import { settle } from './settle';

/** Behind everybody who waits in the lane: nobody waits for a file that is late. */
const LAST_RANK = 1;

/**
 * The words of a message stand in GHL and its file does not: the file becomes a part of its own. The message is a party
 * of its own from here on, so that it holds nobody and waits for nobody; the lane gives it out like any other.
 */
export async function leaveFileBehind(
  ctx: StoreContext,
  trx: Trx,
  { id }: MessageRow,
  words: PartRow,
  now: number,
): Promise<void> {
  await trx<PartRow>('message_parts').where({ id: words.id }).update({ m: 2 });
  const file: PartRow = {
    ...words,
    id: `${id}.${words.attempt}.2`,
    n: 2,
    m: 2,
    state: 'unsent',
    attempt_token: null,
    claimed_at: null,
    lease_until: null,
    ambiguous_until: null,
    reason: null,
    state_since: now,
    spec: JSON.stringify({ kind: 'text', slice: [0, 0] }),
  };
  await trx<PartRow>('message_parts').insert(file);
  await trx<InboundFileRow>('inbound_files').where({ message_id: id }).update({ posting: null });
  const set = { party: id, rank: LAST_RANK };
  await settle(ctx, trx, await rereadMessage(trx, id), { now, reason: 'file_coming', nextWakeAt: now, set });
}

/** Notes GHL's id of the post that brought a file; the message itself is known by the post of its words. */
export async function noteFilePost(trx: Trx, { id }: MessageRow, ghlMessageId: string): Promise<void> {
  await trx<InboundFileRow>('inbound_files').where({ message_id: id }).update({ ghl_message_id: ghlMessageId });
}
