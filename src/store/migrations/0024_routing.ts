import type { Knex } from 'knex';

/** By this the last number of a contact is found: its newest message, whichever way that went. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('messages', (t) => t.index(['location_id', 'address_key', 'id']));
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
