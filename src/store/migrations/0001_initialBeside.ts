import type { Knex } from 'knex';
import { flag, id, table, time } from './columns';

/* The tables of the first schema that stand beside messages: what gateways posted, and housekeeping. */

export async function createWebhooks(knex: Knex): Promise<void> {
  await table(knex, 'webhook_posts', (t) => {
    t.string('id', 32).primary();
    id(t, 'location_id').notNullable();
    id(t, 'connection_id').notNullable();
    t.text('body_sealed', 'mediumtext').notNullable();
    t.string('state', 16).notNullable();
    t.integer('tries').notNullable().defaultTo(0);
    time(t, 'received_at').notNullable();
    time(t, 'due_at');
    t.index(['due_at']);
  });
  await table(knex, 'receipts', (t) => {
    t.string('id', 32).primary();
    id(t, 'location_id').notNullable();
    id(t, 'connection_id').notNullable();
    id(t, 'gateway_id').notNullable();
    t.string('level', 16).notNullable();
    t.string('code', 32);
    time(t, 'received_at').notNullable();
    flag(t, 'applied');
    t.unique(['connection_id', 'gateway_id', 'level']);
    t.index(['applied', 'received_at']);
  });
  await table(knex, 'echoes', (t) => {
    t.string('id', 32).primary();
    id(t, 'location_id').notNullable();
    id(t, 'connection_id').notNullable();
    id(t, 'gateway_id').notNullable();
    t.string('address_key', 64);
    t.string('echo_key', 64).notNullable();
    time(t, 'at').notNullable();
    time(t, 'received_at').notNullable();
    t.string('part_id', 48);
    t.text('content_sealed', 'mediumtext').notNullable();
    t.unique(['connection_id', 'gateway_id']);
    t.index(['connection_id', 'address_key', 'part_id']);
  });
}

export async function createHousekeeping(knex: Knex): Promise<void> {
  await table(knex, 'contacts', (t) => {
    id(t, 'location_id').notNullable();
    t.string('address_key', 64).notNullable();
    id(t, 'contact_id').notNullable();
    id(t, 'conversation_id');
    id(t, 'provider_id');
    time(t, 'updated_at').notNullable();
    t.primary(['location_id', 'address_key']);
  });
  await table(knex, 'leases', (t) => {
    id(t, 'name').primary();
    t.string('holder', 64).notNullable();
    time(t, 'until').notNullable();
  });
  await table(knex, 'vault', (t) => {
    id(t, 'name').primary();
    t.text('value_sealed').notNullable();
  });
  await table(knex, 'audit_log', (t) => {
    t.string('id', 32).primary();
    time(t, 'at').notNullable();
    t.string('actor', 64).notNullable();
    t.string('action', 64).notNullable();
    id(t, 'location_id');
    id(t, 'subject');
    t.text('detail');
  });
}
