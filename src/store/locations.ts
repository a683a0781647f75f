import type { LocationState } from '../domain/gate';
import { parkingLaneId } from '../domain/ids';
import type { Scope, StoreContext, Trx } from './context';
import { ensureLane } from './lanes';
import type { LocationRow } from './rows';

/** Returns the location's row, made (with its parking lane) at first sight. */
export async function ensureLocation(ctx: StoreContext, trx: Trx, scope: Scope): Promise<LocationRow> {
  const known = await trx<LocationRow>('locations').where({ location_id: scope.locationId }).first();
  if (known !== undefined) return known;
  const now = await ctx.db.now(trx);
  const { locationId } = scope;
  await trx('locations')
    .insert({ location_id: locationId, state: 'unknown', state_since: now, created_at: now, settings: '{}' })
    .onConflict('location_id')
    .merge(['location_id']);
  await ensureLane(trx, {
    id: parkingLaneId(locationId),
    location_id: locationId,
    kind: 'parking',
    connection_id: null,
  });
  const made = await trx<LocationRow>('locations').where({ location_id: locationId }).first();
  if (made === undefined) throw new Error('A location row vanished.');
  return made;
}

export interface LocationPatch {
  state?: LocationState;
  country?: string | null;
  timezone?: string | null;
  companyId?: string | null;
}

/** Writes what is known of a location; an install sets when it happened. */
export async function updateLocation(ctx: StoreContext, trx: Trx, scope: Scope, patch: LocationPatch): Promise<void> {
  const row = await ensureLocation(ctx, trx, scope);
  const now = await ctx.db.now(trx);
  const changed = patch.state !== undefined && patch.state !== row.state;
  await trx('locations')
    .where({ location_id: scope.locationId })
    .update({
      state: patch.state ?? row.state,
      state_since: changed ? now : row.state_since,
      installed_at: patch.state === 'installed' && row.installed_at === null ? now : row.installed_at,
      country: patch.country ?? row.country,
      timezone: patch.timezone ?? row.timezone,
      company_id: patch.companyId ?? row.company_id,
    });
}

/** Returns a location's row or null. */
export async function getLocation(ctx: StoreContext, scope: Scope): Promise<LocationRow | null> {
  return (await ctx.db.knex<LocationRow>('locations').where({ location_id: scope.locationId }).first()) ?? null;
}

/** Writes what a location says of itself; null keeps what is known. */
export async function describeLocation(
  ctx: StoreContext,
  scope: Scope,
  facts: Pick<LocationPatch, 'country' | 'timezone'>,
): Promise<void> {
  await ctx.db.tx((trx) => updateLocation(ctx, trx, scope, facts));
}
