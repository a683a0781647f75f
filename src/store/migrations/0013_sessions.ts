import type { Knex } from 'knex';
import { id, table, time } from './columns';

/**
 * The sessions of the page inside GHL, found by the hash of their token, and the user contexts that were exchanged for
 * one: by their fingerprint, so that none is taken twice.
 */
export async function up(knex: Knex): Promise<void> {
  await table(knex, 'sessions', (t) => {
    t.string('token_hash', 64).primary();
    id(t, 'location_id').notNullable();
    id(t, 'company_id').notNullable();
    id(t, 'user_id').notNullable();
    t.string('role', 8).notNullable();
    time(t, 'created_at').notNullable();
    time(t, 'expires_at').notNullable();
    t.index(['location_id']);
    t.index(['expires_at']);
  });
  await table(knex, 'spent_contexts', (t) => {
    t.string('fingerprint', 64).primary();
    id(t, 'location_id').notNullable();
    time(t, 'spent_at').notNullable();
    t.index(['spent_at']);
  });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
