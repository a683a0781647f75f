import { notFound } from '../domain/errors';
import type { SettingsChanged } from './connectionSettings';
import type { Scope, StoreContext, WakeRef } from './context';
import { followSettings } from './followSettings';
import { lockLanes } from './installations/wakes';
import { mergeSettings } from './mergeSettings';
import type { LocationRow } from './rows';

/**
 * Sets some settings of a location, null takes one back; the rest stays. What is in its lanes follows in the same
 * transaction. Throws not_found for a location that nobody knows.
 */
export async function changeLocationSettings(
  ctx: StoreContext,
  scope: Scope,
  patch: Record<string, unknown>,
): Promise<SettingsChanged> {
  return await ctx.db.tx(async (trx) => {
    // Lanes first: who holds a lane may write to its location.
    const lanes = await lockLanes(trx, scope);
    const own = { location_id: scope.locationId };
    const row = await trx<LocationRow>('locations').where(own).forUpdate().first();
    if (row === undefined) throw notFound('location');
    const settings = mergeSettings(row.settings, patch);
    await trx<LocationRow>('locations')
      .where(own)
      .update({ settings: JSON.stringify(settings) });
    const wakes: WakeRef[] = [];
    for (const lane of lanes) wakes.push(...(await followSettings(ctx, trx, lane)));
    return { settings, wakes };
  });
}
