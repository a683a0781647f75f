import type { Knex } from 'knex';
import { time } from './columns';

/** What a day's token counts as due by, until it is renewed for the first time: its last tenth. */
const LEAD_MS = 8_640_000;

/** When a token's renewal is due. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('tokens', (t) => {
    time(t, 'renew_at');
    t.index(['renew_at']);
  });
  await knex('tokens')
    .whereNotNull('access_sealed')
    .update({ renew_at: knex.raw('expires_at - ?', [LEAD_MS]) });
}

/** There is no way back: a restored backup is the way back. */
export function down(): Promise<void> {
  return Promise.reject(new Error('This migration can not be undone; restore a backup.'));
}
