import type { Knex } from 'knex';

/** What waits in a lane for longer than a day, as it was last found. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('lanes', (t) => {
    t.string('backlog', 32);
    t.index(['backlog']);
  });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
