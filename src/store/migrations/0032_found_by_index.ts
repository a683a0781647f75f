import type { Knex } from 'knex';

/** By this the parts of a number that were sent and wait for their receipt are found. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('message_parts', (t) => t.index(['connection_id', 'state', 'written_at']));
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
