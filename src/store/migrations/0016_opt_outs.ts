import type { Knex } from 'knex';
import { flag, id, table, time } from './columns';

/**
 * Who wants no messages; what GHL's own events said is there; when an ingress was last seen, and the outages that were
 * found by it. Nothing private is in them: an opt-out knows a contact by the keyed hash of its address.
 */
export async function up(knex: Knex): Promise<void> {
  await createOptOuts(knex);
  await createFacts(knex);
  await createOutages(knex);
}

async function createOptOuts(knex: Knex): Promise<void> {
  await table(knex, 'opt_outs', (t) => {
    t.string('id', 32).primary();
    id(t, 'location_id').notNullable();
    t.string('address_key', 64).notNullable();
    id(t, 'contact_id');
    id(t, 'connection_id').notNullable();
    // The message that said the last word, and when it was written.
    t.string('message_id', 32).notNullable();
    t.string('state', 8).notNullable();
    time(t, 'said_at').notNullable();
    time(t, 'since').notNullable();
    // What is left to do: GHL is to know of it, the contact is to be told.
    flag(t, 'dnd_due');
    flag(t, 'confirm_due');
    t.integer('tries').notNullable().defaultTo(0);
    time(t, 'due_at');
    time(t, 'taken_until');
    t.unique(['location_id', 'address_key']);
    t.index(['location_id', 'contact_id']);
    t.index(['due_at']);
  });
}

async function createFacts(knex: Knex): Promise<void> {
  await table(knex, 'ghl_facts', (t) => {
    id(t, 'location_id').notNullable();
    t.string('kind', 16).notNullable();
    // GHL's id of the message or conversation.
    id(t, 'ghl_id').notNullable();
    t.string('direction', 16);
    t.string('type', 64);
    t.string('status', 16);
    t.string('source', 32);
    id(t, 'provider_id');
    id(t, 'contact_id');
    id(t, 'conversation_id');
    t.integer('unread');
    // GHL's own time of it; when it was seen first, and last.
    time(t, 'at').notNullable();
    time(t, 'seen_at').notNullable();
    time(t, 'updated_at').notNullable();
    t.primary(['location_id', 'kind', 'ghl_id']);
    t.index(['location_id', 'kind', 'at']);
    t.index(['seen_at']);
  });
}

async function createOutages(knex: Knex): Promise<void> {
  await table(knex, 'beats', (t) => {
    t.string('name', 32).primary();
    time(t, 'at').notNullable();
  });
  await table(knex, 'outages', (t) => {
    t.string('id', 32).primary();
    id(t, 'location_id').notNullable();
    // Null: the bridge itself was away, for every number of the location.
    id(t, 'connection_id');
    time(t, 'from_at').notNullable();
    time(t, 'to_at').notNullable();
    t.integer('tries').notNullable().defaultTo(0);
    time(t, 'due_at');
    // How far GHL's conversations were looked through: newest first, down to this time.
    time(t, 'looked_to');
    time(t, 'done_at');
    // What was found, once it is done.
    t.integer('retold');
    t.integer('unreceipted');
    flag(t, 'whole');
    t.index(['location_id']);
    t.index(['due_at']);
    t.index(['to_at']);
  });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
