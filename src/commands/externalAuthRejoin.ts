import type { App } from '../app';
import type { ProbeResult } from '../channels/gateway';
import type { ConnectionState } from '../domain/connectionState';
import type { ExternalCredentials } from '../store/externalAuth';
import type { ConnectionRow } from '../store/rows';
import { nextAfterConnect } from './nextAfterConnect';

/** A number that was connected before, as it is now. */
export interface NumberRejoined {
  connectionId: string;
  state: ConnectionState;
  next: string;
}

/**
 * Returns how a number is that a location has with these very credentials; null where they differ, so that it has to be
 * connected anew. A gateway that answers is believed about the number's state; nothing else changes.
 */
export async function rejoinNumber(
  app: App,
  standing: ConnectionRow,
  given: ExternalCredentials,
  probe: ProbeResult,
): Promise<NumberRejoined | null> {
  const { connections, locations } = app.store;
  const known = connections.endpointOf(standing);
  const newDialect = given.dialect !== undefined && given.dialect !== known.dialect;
  if (known.token !== given.token || newDialect || !connections.hasNumber(standing, given.number)) return null;
  const scope = { locationId: standing.location_id };
  if (probe.kind !== 'unreachable') {
    const { wakes, changedConnection } = await connections.recordProbe(scope, standing.id, probe);
    app.starter.wakeSoon(wakes);
    if (changedConnection !== null) app.starter.connectionChanged(scope, standing.id);
  }
  const row = (await connections.get(scope, standing.id)) ?? standing;
  const installed = (await locations.get(scope))?.state === 'installed';
  const webhook = { state: row.webhook_registered === 1 ? ('registered' as const) : ('not_registered' as const) };
  const next = nextAfterConnect({ connectionId: standing.id, probe, webhook, installed });
  return { connectionId: standing.id, state: row.state, next };
}
