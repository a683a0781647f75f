import type { Knex } from 'knex';
import { id, table, time } from './columns';

/**
 * The files of messages: what was fetched for attachment `n`, where it came from and what it must be when it is fetched
 * again. The bytes themselves lie in MEDIA_DIR under the row's id; a file without a row is nobody's.
 */
export async function up(knex: Knex): Promise<void> {
  await table(knex, 'media', (t) => {
    t.string('id', 64).primary();
    id(t, 'location_id').notNullable();
    t.string('message_id', 32).notNullable();
    t.integer('n').notNullable();
    t.string('kind', 16).notNullable();
    t.string('type', 128).notNullable();
    t.bigInteger('bytes').notNullable();
    t.string('sha256', 64).notNullable();
    t.text('name_sealed').notNullable();
    t.text('source_sealed', 'mediumtext').notNullable();
    time(t, 'kept_at').notNullable();
    t.unique(['message_id', 'n']);
    t.index(['kept_at']);
  });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
