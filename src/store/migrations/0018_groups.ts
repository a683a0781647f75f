import type { Knex } from 'knex';
import { id, table, time } from './columns';

/**
 * Chats that are known by something else than a phone number: groups, and people of whom only a hidden identity is
 * known. By them a contact in GHL that has no phone is found again when somebody answers it; `name_sealed` is what a
 * group is called.
 */
export async function up(knex: Knex): Promise<void> {
  await table(knex, 'chats', (t) => {
    t.string('id', 32).primary();
    id(t, 'location_id').notNullable();
    id(t, 'connection_id').notNullable();
    t.string('address_key', 64).notNullable();
    t.text('address_sealed').notNullable();
    t.text('name_sealed');
    time(t, 'updated_at').notNullable();
    t.unique(['connection_id', 'address_key']);
    t.index(['location_id', 'address_key']);
  });
  await knex.schema.alterTable('contacts', (t) => t.index(['location_id', 'contact_id']));
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
