import type { Knex } from 'knex';
import { id, table, time } from './columns';

/**
 * What a message's parts are, kept when they are planned; whether its files and its number were looked at; and what the
 * gateway knows of numbers (`lid_key`: the keyed hash of the hidden identity by which an account may write).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('messages', (t) => {
    t.specificType('prepared', 'smallint').notNullable().defaultTo(1);
    t.integer('files').notNullable().defaultTo(0);
    t.specificType('to_group', 'smallint').notNullable().defaultTo(0);
  });
  await knex.schema.alterTable('message_parts', (t) => {
    t.text('spec');
    t.specificType('to_group', 'smallint').notNullable().defaultTo(0);
  });
  await knex.schema.alterTable('webhook_posts', (t) => {
    t.index(['connection_id', 'state', 'id']);
  });
  await table(knex, 'numbers', (t) => {
    t.string('id', 32).primary();
    id(t, 'location_id').notNullable();
    t.string('address_key', 64).notNullable();
    t.specificType('exists_there', 'smallint').notNullable();
    t.text('number_sealed');
    t.string('number_key', 64);
    t.string('lid_key', 64);
    time(t, 'checked_at').notNullable();
    t.unique(['location_id', 'address_key']);
    t.index(['location_id', 'lid_key']);
  });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
