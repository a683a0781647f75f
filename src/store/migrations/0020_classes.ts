import type { Knex } from 'knex';
import { time } from './columns';

/**
 * messages: `class` reply or bulk; `rank` is from now on the effective one (see messages/lift.ts). `sender` is who sends
 * it: a user, or a source of the location. `classed_at`: the moment around which that sender's other messages are
 * counted. `answers` 1: the contact had written within a day before.
 *
 * What waits already was accepted without a test and is bulk; what arrived is in lanes of its own and has no class.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('messages', (t) => {
    t.string('class', 8).notNullable().defaultTo('reply');
    t.string('sender', 240);
    time(t, 'classed_at').notNullable().defaultTo(0);
    t.specificType('answers', 'smallint').notNullable().defaultTo(0);
  });
  await knex('messages').where({ direction: 'outbound' }).update({ class: 'bulk', rank: 2 });
  await knex.schema.alterTable('messages', (t) => {
    // What else a sender sent around a moment; the same with one text.
    t.index(['location_id', 'sender', 'classed_at']);
    t.index(['location_id', 'sender', 'content_key', 'classed_at'], 'messages_sender_text_index');
    // When somebody wrote last; what waits for somebody.
    t.index(['location_id', 'address_key', 'direction', 'own', 'written_at'], 'messages_last_word_index');
    t.index(['location_id', 'address_key', 'claimable'], 'messages_waited_for_index');
  });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
