import type { App } from '../app';
import { isRegion } from '../domain/phone';
import type { GhlAccess } from '../ghl/access';
import type { Scope } from '../store/context';

/**
 * Asks GHL what a location says of itself, and keeps name, country and time zone: they serve phone numbers and times of
 * day. Returns the name; null where there is none. Throws the general codes of GHL's API.
 */
export async function learnLocation(
  { ghl, store }: Pick<App, 'ghl' | 'store'>,
  scope: Scope,
  access: GhlAccess,
): Promise<string | null> {
  const { name, country, timezone } = await ghl.getLocation(access, scope.locationId);
  await store.locations.describe(scope, { country: countryOf(country), timezone: timezoneOf(timezone) });
  // An unnamed one is known by its id; so nobody asks again.
  await store.installations.name(scope.locationId, name ?? scope.locationId);
  return name;
}

function countryOf(country: string | null): string | null {
  const letters = country?.trim().toUpperCase() ?? '';
  return isRegion(letters) ? letters : null;
}

function timezoneOf(timezone: string | null): string | null {
  return timezone !== null && /^[\w+/-]{1,64}$/.test(timezone) ? timezone : null;
}
