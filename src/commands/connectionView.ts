import type { App } from '../app';
import { standstill } from '../domain/connectionState';
import type { ConnectionArgs, ConnectionView } from '../domain/workflowTypes';

/** Returns what there is to show of a connection of the location, or null when it is gone. */
export async function connectionView(
  { store }: Pick<App, 'store'>,
  { locationId, connectionId }: ConnectionArgs,
): Promise<ConnectionView | null> {
  const row = await store.connections.get({ locationId }, connectionId);
  if (row === null) return null;
  const { state, state_since: since, trial_at: trialAt, paused_at: pausedAt } = row;
  const still = standstill(state, { trialAt, pausedAt });
  const waiting = await store.connections.waiting({ locationId }, connectionId);
  return { state, since, why: still?.why ?? null, next: still?.next ?? null, waiting };
}
