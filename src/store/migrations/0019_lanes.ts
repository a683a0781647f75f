import type { Knex } from 'knex';
import { time } from './columns';

/**
 * Pace and caps. `lanes.last_at`: the number's last write, or the latest moment of the one under way; the gap behind it
 * depends on what goes next, so only its draw is kept (`jitter`, in millionths). `before_at` is the write before, for a
 * claim that turns out not to have been written. `plan`, `reply_at` and `tail_at`: how far the lane is planned.
 *
 * `message_parts.charged_at`: when the part was written, as the caps count it (null: it does not count); `charged_as`
 * reply or bulk, `opens` 1: it opened a conversation. `messages.fresh` 1: nothing was exchanged with its address yet;
 * `repeat_at`: when the same text was written to its contact. `connections.first_connected_at`, `returned_at`: since
 * when a number warms up, and when it last came back.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE lanes RENAME COLUMN free_at TO last_at');
  await knex.schema.alterTable('lanes', (t) => {
    t.integer('jitter').notNullable().defaultTo(0);
    time(t, 'before_at').notNullable().defaultTo(0);
    time(t, 'reply_at').notNullable().defaultTo(0);
    t.text('plan');
  });
  await knex.schema.alterTable('connections', (t) => {
    time(t, 'first_connected_at');
    time(t, 'returned_at');
  });
  await knex.schema.alterTable('messages', (t) => {
    t.specificType('fresh', 'smallint').notNullable().defaultTo(0);
    time(t, 'repeat_at');
    t.index(['lane_id', 'claimable', 'fresh', 'rank', 'seq'], 'messages_lane_fresh_index');
    t.index(['location_id', 'party', 'content_key'], 'messages_text_index');
  });
  await knex.schema.alterTable('message_parts', (t) => {
    time(t, 'charged_at');
    t.string('charged_as', 8);
    t.specificType('opens', 'smallint').notNullable().defaultTo(0);
    t.index(['connection_id', 'charged_at']);
    t.index(['connection_id', 'charged_as', 'charged_at']);
    t.index(['connection_id', 'opens', 'charged_at']);
  });
  await countWhatWas(knex);
}

/** What was written before this counts too, as bulk; a number that could be used is as old as its row. */
async function countWhatWas(knex: Knex): Promise<void> {
  await knex('message_parts')
    .whereNotNull('echo_key')
    .whereIn('state', ['sending', 'ambiguous', 'unknown', 'sent', 'delivered', 'read'])
    .update({ charged_at: knex.raw('coalesce(written_at, claimed_at)'), charged_as: 'bulk' });
  await knex('connections')
    .whereNot({ state: 'unverified' })
    .update({ first_connected_at: knex.ref('created_at') });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
