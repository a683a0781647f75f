import { notFound } from '../domain/errors';
import type { Scope, StoreContext } from './context';
import { mergeSettings } from './mergeSettings';
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
    const settings = mergeSettings(row.settings, patch);
    await trx<ConnectionRow>('connections')
      .where(own)
      .update({ settings: JSON.stringify(settings) });
    return settings;
  });
}
