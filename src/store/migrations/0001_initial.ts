import type { Knex } from 'knex';
import { createHousekeeping, createWebhooks } from './0001_initialBeside';
import { flag, id, laneId, table, time } from './columns';

/**
 * The first schema. Channel-neutral: a connection is an endpoint of a channel, an address is sealed and found by its
 * keyed hash, content is one sealed document. Times are BIGINT epoch milliseconds; booleans are 0/1.
 * `*_sealed` columns are AES-256-GCM envelopes (src/crypto), `*_key` columns are keyed hashes.
 */
export async function up(knex: Knex): Promise<void> {
  await createTenants(knex);
  await createConnections(knex);
  await createLanes(knex);
  await createMessages(knex);
  await createParts(knex);
  await createWebhooks(knex);
  await createHousekeeping(knex);
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}

async function createTenants(knex: Knex): Promise<void> {
  await table(knex, 'locations', (t) => {
    id(t, 'location_id').primary();
    t.string('state', 32).notNullable();
    time(t, 'state_since').notNullable();
    id(t, 'company_id');
    t.string('country', 8);
    t.string('timezone', 64);
    time(t, 'installed_at');
    time(t, 'first_connected_at');
    time(t, 'created_at').notNullable();
    t.text('settings').notNullable();
  });
  await table(knex, 'installations', (t) => {
    id(t, 'resource_id').primary();
    t.string('kind', 16).notNullable();
    t.string('state', 32).notNullable();
    time(t, 'state_since').notNullable();
    t.string('reason', 255);
    id(t, 'company_id');
    time(t, 'created_at').notNullable();
  });
  await table(knex, 'tokens', (t) => {
    id(t, 'resource_id').primary();
    t.integer('version').notNullable();
    t.text('access_sealed', 'mediumtext');
    t.text('refresh_sealed', 'mediumtext');
    time(t, 'expires_at');
    t.text('scope');
    time(t, 'refresh_started_at');
    t.integer('refresh_attempts').notNullable().defaultTo(0);
    time(t, 'updated_at').notNullable();
  });
}

async function createConnections(knex: Knex): Promise<void> {
  await table(knex, 'connections', (t) => {
    id(t, 'id').primary();
    id(t, 'location_id').notNullable();
    t.string('channel', 16).notNullable();
    t.string('gateway', 32).notNullable();
    id(t, 'base_key').notNullable();
    t.string('base_url', 512).notNullable();
    t.string('dialect', 16);
    id(t, 'instance_id').notNullable();
    t.text('token_sealed').notNullable();
    t.string('webhook_hash', 64).notNullable().unique();
    t.text('webhook_sealed').notNullable();
    flag(t, 'webhook_registered');
    t.text('address_sealed');
    t.string('address_key', 64);
    t.string('state', 32).notNullable();
    time(t, 'state_since').notNullable();
    t.string('reason', 255);
    t.integer('misses').notNullable().defaultTo(0);
    time(t, 'probe_due_at').notNullable();
    time(t, 'announced_since').notNullable();
    time(t, 'created_at').notNullable();
    t.text('settings').notNullable();
    t.unique(['gateway', 'base_key', 'instance_id']);
    t.index(['location_id']);
    t.index(['probe_due_at']);
  });
}

async function createLanes(knex: Knex): Promise<void> {
  await table(knex, 'lanes', (t) => {
    laneId(t, 'id').primary();
    id(t, 'location_id').notNullable();
    t.string('kind', 16).notNullable();
    id(t, 'connection_id');
    t.bigInteger('next_seq').notNullable();
    time(t, 'free_at').notNullable();
    time(t, 'tail_at').notNullable();
    time(t, 'lease_until');
    t.string('lease_token', 64);
    id(t, 'wake_due_message');
    time(t, 'wake_due_at');
    t.index(['wake_due_at']);
    t.index(['location_id']);
    t.index(['connection_id']);
  });
}

async function createMessages(knex: Knex): Promise<void> {
  await table(knex, 'messages', (t) => {
    t.string('id', 32).primary();
    id(t, 'location_id').notNullable();
    t.string('direction', 16).notNullable();
    t.string('source', 32).notNullable();
    t.string('source_key', 400).notNullable();
    t.string('message_key', 255).notNullable();
    t.string('workflow_id', 512).notNullable();
    id(t, 'ghl_message_id');
    id(t, 'provider_id');
    t.string('channel', 16).notNullable();
    id(t, 'connection_id');
    laneId(t, 'lane_id').notNullable();
    t.bigInteger('seq').notNullable();
    t.integer('rank').notNullable().defaultTo(0);
    id(t, 'party').notNullable();
    id(t, 'contact_id');
    id(t, 'conversation_id');
    id(t, 'user_id');
    t.string('address_key', 64);
    t.text('address_sealed');
    t.text('content_sealed', 'mediumtext');
    t.string('content_key', 64);
    t.string('state', 16).notNullable();
    t.string('reason', 64);
    t.string('reason_text', 500);
    flag(t, 'open');
    flag(t, 'claimable');
    flag(t, 'claimed');
    t.integer('attempt').notNullable().defaultTo(1);
    t.integer('tries').notNullable().defaultTo(0);
    t.bigInteger('retry_spent_ms').notNullable().defaultTo(0);
    time(t, 'retry_last_at');
    time(t, 'hold_since');
    time(t, 'written_at');
    time(t, 'accepted_at').notNullable();
    time(t, 'not_before').notNullable();
    time(t, 'next_wake_at');
    time(t, 'state_since').notNullable();
    time(t, 'receipt_deadline');
    t.string('told', 16).notNullable().defaultTo('nothing');
    time(t, 'tell_due_at');
    t.unique(['location_id', 'source', 'source_key']);
    t.unique(['location_id', 'ghl_message_id']);
    t.unique(['location_id', 'message_key']);
    t.index(['lane_id', 'claimable', 'rank', 'seq']);
    t.index(['lane_id', 'open', 'party', 'seq']);
    t.index(['next_wake_at']);
    t.index(['tell_due_at']);
  });
}

async function createParts(knex: Knex): Promise<void> {
  await table(knex, 'message_parts', (t) => {
    t.string('id', 48).primary();
    t.string('message_id', 32).notNullable();
    id(t, 'location_id').notNullable();
    id(t, 'connection_id');
    t.integer('attempt').notNullable();
    t.integer('n').notNullable();
    t.integer('m').notNullable();
    t.string('state', 16).notNullable();
    t.string('reason', 64);
    id(t, 'gateway_id');
    t.string('attempt_token', 64);
    t.string('address_key', 64);
    t.string('echo_key', 64);
    time(t, 'claimed_at');
    time(t, 'written_at');
    time(t, 'lease_until');
    time(t, 'ambiguous_until');
    t.string('ack', 16);
    time(t, 'state_since').notNullable();
    t.unique(['connection_id', 'gateway_id']);
    t.unique(['message_id', 'attempt', 'n']);
    t.index(['connection_id', 'address_key', 'state']);
  });
}
