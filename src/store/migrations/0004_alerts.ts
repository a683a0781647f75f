import type { Knex } from 'knex';
import { id, table, time } from './columns';

/**
 * What the receipts of a number have taught, since when it is down, and the alerts: a row a trouble (`open_trouble` is
 * unique, so only one is open at a time), and a row for each thing that is told of it, written before it is told.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('connections', (t) => {
    time(t, 'down_since');
    t.string('receipts_learnt', 8);
    time(t, 'unreceipted_since');
    time(t, 'nacked_at');
  });
  await knex('connections')
    .whereNot({ state: 'connected' })
    .update({ down_since: knex.ref('state_since') });
  await table(knex, 'alerts', (t) => {
    t.string('id', 32).primary();
    t.string('trouble', 255).notNullable();
    t.string('open_trouble', 255).unique();
    t.string('kind', 32).notNullable();
    t.string('detail', 32).notNullable();
    id(t, 'location_id').notNullable();
    id(t, 'connection_id');
    time(t, 'since').notNullable();
    time(t, 'opened_at').notNullable();
    time(t, 'closed_at');
    t.index(['location_id']);
  });
  await createTells(knex);
}

async function createTells(knex: Knex): Promise<void> {
  await table(knex, 'alert_tells', (t) => {
    t.string('id', 32).primary();
    t.string('alert_id', 32).notNullable();
    id(t, 'location_id').notNullable();
    id(t, 'connection_id');
    t.string('line', 255).notNullable();
    t.string('what', 8).notNullable();
    t.string('phase', 8).notNullable();
    id(t, 'subject').notNullable();
    t.string('kind', 32).notNullable();
    t.string('detail', 32).notNullable();
    time(t, 'since').notNullable();
    id(t, 'contact_id');
    t.string('state', 16).notNullable();
    t.integer('tries').notNullable().defaultTo(0);
    t.specificType('unclear', 'smallint').notNullable().defaultTo(0);
    time(t, 'created_at').notNullable();
    time(t, 'due_at');
    id(t, 'ghl_id');
    t.unique(['alert_id', 'what', 'phase', 'subject']);
    t.index(['due_at']);
    t.index(['line', 'due_at']);
    t.index(['location_id']);
  });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
