import type { Knex } from 'knex';
import { time } from './columns';

/**
 * What the error ladder counts. Of a connection: the words for people in GHL of why it is held, how many sends in a row
 * the gateway refused for the number's sake, and when one message may be tried while it is held. Of a part: with which
 * code it was refused last, and how often in a row.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('connections', (t) => {
    t.string('reason_text', 500);
    time(t, 'trial_at');
    t.integer('refusals').notNullable().defaultTo(0);
  });
  await knex.schema.alterTable('message_parts', (t) => {
    t.string('refused_as', 64);
    t.integer('refused_times').notNullable().defaultTo(0);
  });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
