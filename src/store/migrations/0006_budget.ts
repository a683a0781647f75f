import type { Knex } from 'knex';
import { id, table, time } from './columns';

/**
 * The requests that GHL takes for each location: one small document (`BudgetState` in src/domain/requestBudget.ts) and
 * the version that a writer compares before it sets the next one.
 */
export async function up(knex: Knex): Promise<void> {
  await table(knex, 'ghl_budgets', (t) => {
    id(t, 'resource_id').primary();
    t.bigInteger('version').notNullable();
    t.text('state').notNullable();
    time(t, 'updated_at').notNullable();
  });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
