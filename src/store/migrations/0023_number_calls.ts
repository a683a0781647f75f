import type { Knex } from 'knex';
import { id, table, time } from './columns';

/**
 * What a person does with a number. The QR code that was last fetched of it: it is a key to the account, so it is kept
 * sealed and no longer than WhatsApp takes it, and it is nowhere else. And since when the person has paused it.
 */
export async function up(knex: Knex): Promise<void> {
  await table(knex, 'qr_pictures', (t) => {
    id(t, 'connection_id').primary();
    id(t, 'location_id').notNullable();
    t.text('png_sealed', 'mediumtext').notNullable();
    time(t, 'expires_at').notNullable();
    t.index(['location_id']);
    t.index(['expires_at']);
  });
  await knex.schema.alterTable('connections', (t) => void time(t, 'paused_at'));
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
