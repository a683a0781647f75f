import type { Knex } from 'knex';
import { id, table, time } from './columns';

/** What was heard of an installation and when its next step is due; app events by id; states that were used up. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('installations', (t) => {
    t.string('name', 255);
    id(t, 'plan_id');
    time(t, 'install_at');
    time(t, 'uninstall_at');
    time(t, 'granted_at');
    time(t, 'external_auth_at');
    time(t, 'due_at');
    t.integer('tries').notNullable().defaultTo(0);
    t.integer('walk_skip');
    t.integer('walk_count');
    time(t, 'walked_at');
    t.index(['due_at']);
    t.index(['company_id', 'due_at']);
  });
  // Installed before this table knew when: as old as its row.
  await knex('installations').update({ granted_at: knex.ref('created_at') });
  await table(knex, 'app_events', (t) => {
    id(t, 'id').primary();
    t.string('type', 64).notNullable();
    time(t, 'received_at').notNullable();
    t.index(['received_at']);
  });
  await table(knex, 'oauth_states', (t) => {
    id(t, 'id').primary();
    time(t, 'used_at').notNullable();
    t.index(['used_at']);
  });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
