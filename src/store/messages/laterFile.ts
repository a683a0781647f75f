import type { StoreContext, Trx } from '../context';
import type { MessageRow, PartRow } from '../rows';
import type { InboundInput } from './acceptInbound';
import { openContent, sealContent } from './codec';
import { insertInboundFile } from './inboundFile';

/**
 * Gives a message the file that its first post did not name: a host that posts one message in two dialects may leave the
 * reference out of one of them, and which comes first is chance. Only while certainly nothing of it stands in GHL. The
 * caller holds the message's lane.
 */
export async function addLaterFile(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  { content, parts: [spec], at, name }: InboundInput,
): Promise<void> {
  const { id, attempt, content_sealed: sealed } = message;
  if (content.file === undefined || message.files > 0 || message.open === 0 || sealed === null) return;
  // A post without a clear answer is looked for by its words: they stay.
  const unposted = { message_id: id, attempt, state: 'unsent' as const, ambiguous_until: null };
  const changed = await trx<PartRow>('message_parts')
    .where(unposted)
    .update({ spec: JSON.stringify(spec) });
  if (changed === 0) return;
  const fuller = { ...content, at, name: name ?? openContent(ctx.crypto, id, sealed).name };
  await trx<MessageRow>('messages')
    .where({ id })
    .update({ content_sealed: sealContent(ctx.crypto, id, fuller), written_at: at, files: 1 });
  await insertInboundFile(trx, message);
}
