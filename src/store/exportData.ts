import type { Content } from '../domain/content';
import type { Scope, StoreContext } from './context';
import type { ContactRow } from './contacts';
import type { OptOutRow } from './optOuts';
import type { ChatRow, IdentityRow, NumberRow } from './peopleRows';
import type { EchoRow } from './rows';
import { subjectOf, type Subject } from './subject';
import type { PostRow } from './webhookPosts';

type ExportKind = 'message' | 'contact' | 'number' | 'identity' | 'chat' | 'optOut' | 'echo' | 'gatewayPost';

/** One line of an export: in clear, for the person it is about or the location that asks. Times are ISO 8601. */
export type ExportLine = { kind: ExportKind } & Record<string, unknown>;

/** Some lines, and after which key the next call goes on; `next` null: that was all. */
export interface ExportPage {
  lines: ExportLine[];
  next: string | null;
}

export const EXPORT_BATCH = 100;

/** Returns an epoch time as ISO 8601, null as null. */
export function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** How the rows of a table read that stands beside messages. */
type Reader<R> = (ctx: StoreContext, row: R) => ExportLine;

const contactLine: Reader<ContactRow> = (_ctx, row) => ({
  kind: 'contact',
  contactId: row.contact_id,
  conversationId: row.conversation_id,
  providerId: row.provider_id,
  updatedAt: isoOf(row.updated_at),
});

const numberLine: Reader<NumberRow> = ({ crypto }, row) => ({
  kind: 'number',
  number: row.number_sealed === null ? null : crypto.open(row.number_sealed, `numbers/${row.id}/number`),
  exists: row.exists_there === 1,
  checkedAt: isoOf(row.checked_at),
});

const identityLine: Reader<IdentityRow> = ({ crypto }, row) => ({
  kind: 'identity',
  hidden: crypto.open(row.lid_sealed, `identities/${row.id}/lid`),
  number: crypto.open(row.address_sealed, `identities/${row.id}/address`),
  learntAt: isoOf(row.learnt_at),
});

const chatLine: Reader<ChatRow> = ({ crypto }, row) => ({
  kind: 'chat',
  chat: crypto.open(row.address_sealed, `chats/${row.id}/address`),
  name: row.name_sealed === null ? null : crypto.open(row.name_sealed, `chats/${row.id}/name`),
  updatedAt: isoOf(row.updated_at),
});

const echoLine: Reader<EchoRow> = ({ crypto }, row) => ({
  kind: 'echo',
  gatewayId: row.gateway_id,
  content: JSON.parse(crypto.open(row.content_sealed, `echoes/${row.id}/content`)) as Content,
  at: isoOf(row.at),
});

const optOutLine: Reader<OptOutRow> = (_ctx, row) => ({
  kind: 'optOut',
  contactId: row.contact_id,
  state: row.state,
  since: isoOf(row.since),
});

const postLine: Reader<PostRow> = ({ crypto }, row) => ({
  kind: 'gatewayPost',
  body: Buffer.from(crypto.open(row.body_sealed, `webhook_posts/${row.id}/body`), 'base64').toString('utf8'),
  receivedAt: isoOf(row.received_at),
});

/** Each table beside messages, with the key by which its pages follow each other. */
const TABLES = {
  contacts: { key: 'address_key', read: contactLine as Reader<unknown> },
  numbers: { key: 'id', read: numberLine as Reader<unknown> },
  identities: { key: 'id', read: identityLine as Reader<unknown> },
  chats: { key: 'id', read: chatLine as Reader<unknown> },
  echoes: { key: 'id', read: echoLine as Reader<unknown> },
  opt_outs: { key: 'id', read: optOutLine as Reader<unknown> },
  webhook_posts: { key: 'id', read: postLine as Reader<unknown> },
} as const;

export type OtherTable = keyof typeof TABLES;
export const OTHER_TABLES = Object.keys(TABLES) as OtherTable[];

/**
 * Returns what is held in a table beside messages: remembered contacts, numbers that the gateway was asked about, hidden
 * identities, groups, what
 * the number itself has sent, what the gateway posted (of a whole location only: outside, a post names nobody).
 */
export async function exportOthers(
  ctx: StoreContext,
  scope: Scope,
  subject: Subject,
  from: { table: OtherTable; after: string },
): Promise<ExportPage> {
  const keys = await subjectOf(ctx, scope, subject);
  if (keys !== null && from.table === 'webhook_posts') return { lines: [], next: null };
  const { key, read } = TABLES[from.table];
  const rows = (await ctx.db
    .knex(from.table)
    .where({ location_id: scope.locationId })
    .modify((one) => void (keys !== null && one.whereIn('address_key', keys.addressKeys)))
    .where(key, '>', from.after)
    .orderBy(key)
    .limit(EXPORT_BATCH)) as Record<string, unknown>[];
  const next = rows.length < EXPORT_BATCH ? null : String(rows.at(-1)?.[key]);
  return { lines: rows.map((row) => read(ctx, row)), next };
}
