import type { Knex } from 'knex';
import { flag, time } from './columns';

/**
 * outages: in which pass through GHL's conversations a look is, the latest message that this pass has seen, how far down
 * it goes, and whether a conversation was too long to be seen whole.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('outages', (t) => {
    t.integer('look_pass').notNullable().defaultTo(0);
    time(t, 'look_top');
    time(t, 'look_floor');
    flag(t, 'look_cut').defaultTo(0);
  });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
