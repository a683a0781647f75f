import type { Knex } from 'knex';
import { time } from './columns';

/** When a message's private part was erased, and how what is old enough is found without reading everything. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('messages', (t) => {
    time(t, 'erased_at');
    t.index(['erased_at', 'accepted_at']);
  });
  await knex.schema.alterTable('webhook_posts', (t) => t.index(['received_at']));
  await knex.schema.alterTable('echoes', (t) => t.index(['received_at']));
  await knex.schema.alterTable('numbers', (t) => t.index(['checked_at']));
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
