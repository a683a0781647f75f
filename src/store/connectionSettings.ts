import { notFound } from '../domain/errors';
import type { Scope, StoreContext } from './context';
import type { ConnectionRow } from './rows';

/**
 * Sets some settings of a connection, null takes one back; the rest stays. Returns all that it now has set. Throws
 * not_found for another location's connection.
 */
export async function changeSettings(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  patch: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  return await ctx.db.tx(async (trx) => {
    const own = { id: connectionId, location_id: scope.locationId };
    const row = await trx<ConnectionRow>('connections').where(own).forUpdate().first();
    if (row === undefined) throw notFound('connection');
    const merged = Object.entries({ ...(JSON.parse(row.settings) as object), ...patch });
    const settings: Record<string, unknown> = Object.fromEntries(merged.filter(([, value]) => value !== null));
    await trx<ConnectionRow>('connections')
      .where(own)
      .update({ settings: JSON.stringify(settings) });
    return settings;
  });
}
