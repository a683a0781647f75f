import type { StoreContext, Trx } from './context';
import type { Resource } from './installations/row';
import type { ExternalAuthCompanyRow, ExternalAuthRow } from './rows';

/**
 * Deletes what external authentication brought for a location or company before it uninstalled the app (`uninstalledAt`,
 * epoch milliseconds): whoever installs again is asked for it again by GHL. What was kept since stays, for an UNINSTALL
 * may come late.
 */
export async function forgetExternalAuth(
  trx: Trx,
  { resourceId, kind }: Resource,
  uninstalledAt: number,
): Promise<void> {
  const [table, owner] =
    kind === 'location' ? ['external_auth_waiting', 'location_id'] : ['external_auth_companies', 'company_id'];
  await trx(table)
    .where({ [owner]: resourceId })
    .where('kept_at', '<=', uninstalledAt)
    .delete();
}

const BATCH = 500;

/**
 * Deletes what external authentication brought over `keepMs` ago and nobody will use: for locations that never installed
 * the app, and for companies of which nobody has it. At most 500 of each. Returns how many.
 */
export async function expireExternalAuth(ctx: StoreContext, keepMs: number): Promise<number> {
  const cutoff = (await ctx.db.now()) - keepMs;
  return (await expireWaiting(ctx, cutoff)) + (await expireDefaults(ctx, cutoff));
}

async function expireWaiting(ctx: StoreContext, cutoff: number): Promise<number> {
  const waiting = () => ctx.db.knex<ExternalAuthRow>('external_auth_waiting').where('kept_at', '<', cutoff);
  const ids = await waiting().orderBy('kept_at').limit(BATCH).pluck('location_id');
  return await waiting().whereIn('location_id', ids).delete();
}

async function expireDefaults(ctx: StoreContext, cutoff: number): Promise<number> {
  const defaults = () => ctx.db.knex<ExternalAuthCompanyRow>('external_auth_companies').where('kept_at', '<', cutoff);
  const unused = defaults().whereNotExists((user) => {
    // A company's own row bears its id in both columns.
    const has = user.from('installations as i').whereNot('i.state', 'uninstalled');
    void has.whereRaw('i.company_id = external_auth_companies.company_id');
  });
  const ids = await unused.orderBy('kept_at').limit(BATCH).pluck('company_id');
  return await defaults().whereIn('company_id', ids).delete();
}
