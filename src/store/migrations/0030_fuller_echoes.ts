import type { Knex } from 'knex';
import { id } from './columns';

/**
 * echoes: `stand_in` is the id under which words are shown that stand in for a message which could not be read; it may
 * still come, under its own id. Null: it says what was written.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('echoes', (t) => void id(t, 'stand_in'));
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
