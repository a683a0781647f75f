import type { Knex } from 'knex';
import { flag, id, table, time } from './columns';

/**
 * What GHL's external authentication brought: of a location the credentials that wait for its install (a row goes once
 * they are bound), of a company the token that its locations may use.
 */
export async function up(knex: Knex): Promise<void> {
  await table(knex, 'external_auth_waiting', (t) => {
    id(t, 'location_id').primary();
    t.string('gateway', 32).notNullable();
    id(t, 'base_key').notNullable();
    t.string('base_url', 512).notNullable();
    id(t, 'instance_id').notNullable();
    t.string('dialect', 16);
    t.text('token_sealed').notNullable();
    t.text('number_sealed').notNullable();
    time(t, 'kept_at').notNullable();
    t.unique(['gateway', 'base_key', 'instance_id']);
  });
  await table(knex, 'external_auth_companies', (t) => {
    id(t, 'company_id').primary();
    t.string('dialect', 16);
    t.text('token_sealed').notNullable();
    flag(t, 'approve_all');
    // Lists of location ids as JSON: an agency may have thousands.
    t.text('named', 'mediumtext').notNullable();
    t.text('excluded', 'mediumtext').notNullable();
    time(t, 'kept_at').notNullable();
  });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
