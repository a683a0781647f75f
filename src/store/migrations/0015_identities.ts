import type { Knex } from 'knex';
import { id, table, time } from './columns';

/**
 * Which hidden identity (LID) is which phone number, for each connection; and what was typed on the phone itself.
 *
 * identities: `lid_key` and `address_key` are the keyed hashes of the two addresses. `merge_due_at`: when the contact
 * that was made for the hidden identity is next seen to; `merge_from`: that contact, while its messages are moved.
 * messages: `own` 1 was typed on the phone. echoes: `own` 1 became such a message; `due_at` is when it is looked at
 * next, null once it is settled; `address_sealed` is whom it went to.
 */
export async function up(knex: Knex): Promise<void> {
  await table(knex, 'identities', (t) => {
    t.string('id', 32).primary();
    id(t, 'location_id').notNullable();
    id(t, 'connection_id').notNullable();
    t.string('lid_key', 64).notNullable();
    t.text('lid_sealed').notNullable();
    t.string('address_key', 64).notNullable();
    t.text('address_sealed').notNullable();
    time(t, 'learnt_at').notNullable();
    time(t, 'merge_due_at');
    id(t, 'merge_from');
    t.integer('merge_tries').notNullable().defaultTo(0);
    t.unique(['connection_id', 'lid_key']);
    t.index(['location_id', 'lid_key']);
    t.index(['location_id', 'address_key']);
    t.index(['merge_due_at']);
  });
  await knex.schema.alterTable('messages', (t) => {
    t.specificType('own', 'smallint').notNullable().defaultTo(0);
  });
  await knex.schema.alterTable('echoes', (t) => {
    t.specificType('own', 'smallint').notNullable().defaultTo(0);
    time(t, 'due_at');
    t.text('address_sealed');
    t.index(['due_at']);
  });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
