import type { StoreContext } from './context';

interface SealedColumn {
  table: string;
  /** Primary key of the table. */
  key: string;
  column: string;
  /** The last word of the identity `table/key/word` with which the value is authenticated. */
  word: string;
}

/** Every sealed column: what a rotation seals anew, and what a test holds against the schema. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'messages', key: 'id', column: 'content_sealed', word: 'content' },
  { table: 'messages', key: 'id', column: 'address_sealed', word: 'address' },
  { table: 'connections', key: 'id', column: 'token_sealed', word: 'token' },
  { table: 'connections', key: 'id', column: 'webhook_sealed', word: 'webhook' },
  { table: 'connections', key: 'id', column: 'webhook_coming_sealed', word: 'webhook_coming' },
  { table: 'connections', key: 'id', column: 'address_sealed', word: 'address' },
  { table: 'external_auth_waiting', key: 'location_id', column: 'token_sealed', word: 'token' },
  { table: 'external_auth_waiting', key: 'location_id', column: 'number_sealed', word: 'number' },
  { table: 'external_auth_companies', key: 'company_id', column: 'token_sealed', word: 'token' },
  { table: 'tokens', key: 'resource_id', column: 'access_sealed', word: 'access' },
  { table: 'tokens', key: 'resource_id', column: 'refresh_sealed', word: 'refresh' },
  { table: 'webhook_posts', key: 'id', column: 'body_sealed', word: 'body' },
  { table: 'echoes', key: 'id', column: 'content_sealed', word: 'content' },
  { table: 'echoes', key: 'id', column: 'address_sealed', word: 'address' },
  { table: 'identities', key: 'id', column: 'lid_sealed', word: 'lid' },
  { table: 'identities', key: 'id', column: 'address_sealed', word: 'address' },
  { table: 'chats', key: 'id', column: 'address_sealed', word: 'address' },
  { table: 'chats', key: 'id', column: 'name_sealed', word: 'name' },
  { table: 'numbers', key: 'id', column: 'number_sealed', word: 'number' },
  { table: 'media', key: 'id', column: 'name_sealed', word: 'name' },
  { table: 'media', key: 'id', column: 'source_sealed', word: 'source' },
  { table: 'inbound_files', key: 'message_id', column: 'address_sealed', word: 'address' },
  { table: 'qr_pictures', key: 'connection_id', column: 'png_sealed', word: 'png' },
  { table: 'vault', key: 'name', column: 'value_sealed', word: 'value' },
];

interface Sealed {
  key: string;
  value: string;
}

const BATCH = 200;

/**
 * Seals anew, with the ring's first key, whatever another key sealed; small transactions, safe beside running
 * processes and safe to repeat. Returns how many values were sealed anew. Throws `sealed_unreadable` where the ring
 * lacks the old key.
 */
export async function rotateKeys(ctx: StoreContext, isCurrent: (sealed: string) => boolean): Promise<number> {
  let sealed = 0;
  for (const column of SEALED_COLUMNS) sealed += await rotateColumn(ctx, column, isCurrent);
  return sealed;
}

async function rotateColumn(
  ctx: StoreContext,
  of: SealedColumn,
  isCurrent: (sealed: string) => boolean,
): Promise<number> {
  let sealed = 0;
  for (let after = ''; ;) {
    const rows = await sealedAfter(ctx, of, after);
    for (const { key, value } of rows) {
      if (!isCurrent(value)) sealed += await rotateValue(ctx, of, key, value);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return sealed;
    after = last.key;
  }
}

async function sealedAfter(ctx: StoreContext, of: SealedColumn, after: string): Promise<Sealed[]> {
  const rows: unknown = await ctx.db
    .knex(of.table)
    .whereNotNull(of.column)
    .where(of.key, '>', after)
    .orderBy(of.key)
    .limit(BATCH)
    .select({ key: of.key, value: of.column });
  return rows as Sealed[];
}

/** Compared and set: a value that was written meanwhile is sealed with the current key already. */
async function rotateValue(ctx: StoreContext, of: SealedColumn, key: string, value: string): Promise<number> {
  const identity = `${of.table}/${key}/${of.word}`;
  const anew = ctx.crypto.seal(ctx.crypto.open(value, identity), identity);
  return await ctx.db
    .knex(of.table)
    .where({ [of.key]: key, [of.column]: value })
    .update({ [of.column]: anew });
}
