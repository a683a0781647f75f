import { notFound } from '../domain/errors';
import type { Scope, StoreContext } from './context';
import { mergeSettings } from './mergeSettings';
import type { LocationRow } from './rows';

/**
 * Sets some settings of a location, null takes one back; the rest stays. Returns all that it now has set. Throws
 * not_found for a location that nobody knows.
 */
export async function changeLocationSettings(
  ctx: StoreContext,
  scope: Scope,
  patch: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  return await ctx.db.tx(async (trx) => {
    const own = { location_id: scope.locationId };
    const row = await trx<LocationRow>('locations').where(own).forUpdate().first();
    if (row === undefined) throw notFound('location');
    const settings = mergeSettings(row.settings, patch);
    await trx<LocationRow>('locations')
      .where(own)
      .update({ settings: JSON.stringify(settings) });
    return settings;
  });
}
