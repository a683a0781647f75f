import type { Knex } from 'knex';
import { time } from './columns';

/**
 * messages: `earlier_id` and `earlier_attempt` are the send that this one may repeat (GHL's Retry is a new message, a
 * resend a new attempt of the same one), whose proof it waits for until `earlier_until`; null: it repeats none. `follows`
 * 1: the proof came, nothing was sent, and it has that send's status.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('messages', (t) => {
    t.string('earlier_id', 32);
    t.integer('earlier_attempt');
    time(t, 'earlier_until');
    t.specificType('follows', 'smallint').notNullable().defaultTo(0);
    t.index(['earlier_id']);
    // The newest message to a contact with a content.
    t.index(['location_id', 'party', 'content_key', 'id'], 'messages_equal_index');
  });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
