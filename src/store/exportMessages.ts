import type { Knex } from 'knex';
import type { Scope, StoreContext } from './context';
import { EXPORT_BATCH, isoOf, type ExportLine, type ExportPage } from './exportData';
import { openAddress, openContent } from './messages/codec';
import type { MediaRow } from './mediaRows';
import type { MessageRow, PartRow } from './rows';
import { messagesOf, subjectOf, type Subject } from './subject';

/** Returns messages with their texts, addresses, parts and files, by id: those behind `after`. */
export async function exportMessages(
  ctx: StoreContext,
  scope: Scope,
  subject: Subject,
  after: string,
): Promise<ExportPage> {
  const rows = await messagesOf(ctx, scope, await subjectOf(ctx, scope, subject))
    .where('id', '>', after)
    .orderBy('id')
    .limit(EXPORT_BATCH);
  const ids = rows.map(({ id }) => id);
  const of = <R extends object>(table: string): Knex.QueryBuilder<R, R[]> =>
    ctx.db.knex<R>(table).whereIn('message_id', ids) as Knex.QueryBuilder<R, R[]>;
  const parts = byMessage(await of<PartRow>('message_parts').orderBy([{ column: 'attempt' }, { column: 'n' }]));
  const files = byMessage(await of<MediaRow>('media').orderBy('n'));
  const lines = rows.map((row) => messageLine(ctx, row, parts.get(row.id) ?? [], files.get(row.id) ?? []));
  return { lines, next: rows.length < EXPORT_BATCH ? null : (ids.at(-1) ?? null) };
}

function byMessage<R extends { message_id: string }>(rows: R[]): Map<string, R[]> {
  const grouped = new Map<string, R[]>();
  for (const row of rows) grouped.set(row.message_id, [...(grouped.get(row.message_id) ?? []), row]);
  return grouped;
}

function messageLine({ crypto }: StoreContext, row: MessageRow, parts: PartRow[], files: MediaRow[]): ExportLine {
  const { id, channel, address_sealed: address, content_sealed: content } = row;
  return {
    kind: 'message',
    messageKey: row.message_key,
    direction: row.direction,
    channel,
    contactId: row.contact_id,
    conversationId: row.conversation_id,
    userId: row.user_id,
    ghlMessageId: row.ghl_message_id,
    address: address === null ? null : openAddress(crypto, id, channel, address).value,
    content: content === null ? null : openContent(crypto, id, content),
    state: row.state,
    reason: row.reason,
    reasonText: row.reason_text,
    acceptedAt: isoOf(row.accepted_at),
    stateSince: isoOf(row.state_since),
    erasedAt: isoOf(row.erased_at),
    parts: parts.map(({ attempt, n, state, gateway_id, written_at }) => ({
      attempt,
      n,
      state,
      gatewayId: gateway_id,
      writtenAt: isoOf(written_at),
    })),
    files: files.map((file) => ({
      name: crypto.open(file.name_sealed, `media/${file.id}/name`),
      type: file.type,
      bytes: file.bytes,
    })),
  };
}
