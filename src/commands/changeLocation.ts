import type { App } from '../app';
import type { LocationSettings } from '../config/locationSettings';

/** Settings to change: a value sets, null goes back to the bridge's own. */
export type LocationPatch = { [Name in keyof LocationSettings]?: LocationSettings[Name] | null };

/**
 * Changes settings of a location; they hold for what arrives from then on. Returns all that it now has set. Throws
 * `not_found`.
 */
export async function changeLocation(
  { store }: Pick<App, 'store'>,
  input: { locationId: string; patch: LocationPatch; actor: string },
): Promise<{ settings: object }> {
  const { locationId, patch, actor } = input;
  const settings = await store.locations.changeSettings({ locationId }, patch);
  const detail = { changed: Object.keys(patch).sort().join(' ') };
  await store.audit.write({ actor, action: 'location.settings', locationId, subject: locationId, detail });
  return { settings };
}
