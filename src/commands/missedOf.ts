import type { App } from '../app';
import { EDGE_MS } from '../domain/outage';
import type { Unreceived } from '../store/ghlFacts';
import type { OutageRow } from '../store/reconcile/outages';

/**
 * Returns what stood in GHL as sent on our providers during an outage of the bridge and has not been posted to us until
 * now, oldest first; of a number's outage nothing is missed.
 */
export async function missedOf(
  { store, settings }: Pick<App, 'store' | 'settings'>,
  outage: OutageRow,
): Promise<Unreceived[]> {
  if (outage.connection_id !== null) return [];
  const window = { from: outage.from_at - EDGE_MS, to: outage.to_at + EDGE_MS };
  const providerIds = settings.ghlProviders.map(({ id }) => id);
  return await store.ghlFacts.unreceived({ locationId: outage.location_id }, { ...window, providerIds });
}
