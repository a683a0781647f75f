import type { Knex } from 'knex';

/**
 * messages: those to and from one address are found by an index, for what is asked of a person. message_parts: those of a
 * location that were sent and wait for their receipt.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('messages', (t) => t.index(['location_id', 'address_key']));
  await knex.schema.alterTable('message_parts', (t) => t.index(['location_id', 'state', 'written_at']));
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
