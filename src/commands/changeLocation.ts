import type { App } from '../app';
import type { LocationSettings } from '../config/locationSettings';
import { refuseForeignNumbers } from './refuseForeignNumbers';

/** Settings to change: a value sets, null goes back to the bridge's own. */
export type LocationPatch = { [Name in keyof LocationSettings]?: LocationSettings[Name] | null };

/**
 * Changes settings of a location; what already waits on its numbers follows them at once, words and routes hold for what
 * comes from then on. Returns all that it now has set. Throws `not_found`, and `invalid_input` (422) for a number that is not the location's.
 */
export async function changeLocation(
  { store, starter }: Pick<App, 'store' | 'starter'>,
  input: { locationId: string; patch: LocationPatch; actor: string },
): Promise<{ settings: object }> {
  const { locationId, patch, actor } = input;
  await refuseForeignNumbers({ store }, { locationId }, patch);
  const { settings, wakes } = await store.locations.changeSettings({ locationId }, patch);
  const detail = { changed: Object.keys(patch).sort().join(' ') };
  await store.audit.write({ actor, action: 'location.settings', locationId, subject: locationId, detail });
  starter.wakeSoon(wakes);
  return { settings };
}
