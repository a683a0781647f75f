import type { Knex } from 'knex';
import { id, table, time } from './columns';

/**
 * The files of messages that arrive: how far each is, until when its sender's later messages are held for it, and how
 * it is posted. And until when a kept file is needed because GHL shows it by an address of ours.
 */
export async function up(knex: Knex): Promise<void> {
  await table(knex, 'inbound_files', (t) => {
    t.string('message_id', 32).primary();
    id(t, 'location_id').notNullable();
    t.string('state', 16).notNullable();
    time(t, 'hold_until');
    time(t, 'retry_at');
    time(t, 'give_up_at');
    t.integer('tries').notNullable().defaultTo(0);
    t.string('reason', 64);
    t.string('posting', 16);
    t.text('address_sealed');
    id(t, 'ghl_message_id');
    t.index(['location_id']);
  });
  await knex.schema.alterTable('media', (t) => {
    time(t, 'keep_until');
  });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
