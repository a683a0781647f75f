import type { Knex } from 'knex';
import { time } from './columns';

/**
 * The secret in the address to which a gateway posts, while it is changed: the one that the gateway is being told, and
 * the one before, which is good for a while yet. And GHL's own time of an installation's plan.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('connections', (t) => {
    t.string('webhook_coming_hash', 64).unique();
    t.text('webhook_coming_sealed');
    t.string('webhook_former_hash', 64).unique();
    time(t, 'webhook_former_until');
  });
  await knex.schema.alterTable('installations', (t) => void time(t, 'plan_at'));
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
