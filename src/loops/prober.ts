import type { App } from '../app';
import { registerWebhook } from '../commands/registerWebhook';
import type { ConnectionRow } from '../store/rows';
import { startLoop, type Loop } from './loop';

/** How often the store is asked whose probe is due; each connection has its own time (PROBE_INTERVAL_MS). */
const LOOK_MS = 1_000;

type ProberApp = Pick<App, 'store' | 'starter' | 'gateway' | 'settings' | 'logger' | 'metrics'>;

/** Starts the probe loop: one per worker process; the store gives each due connection to one of them. */
export function startProber(app: ProberApp): Loop {
  return startLoop('prober', LOOK_MS, app.logger, async () => {
    const due = await app.store.connections.takeDueProbes();
    await Promise.all(due.map((connection) => probe(app, connection)));
  });
}

/** Asks one connection's gateway how the number is, and takes the answer into the ledger. */
export async function probe(app: ProberApp, connection: ConnectionRow): Promise<void> {
  const scope = { locationId: connection.location_id };
  const result = await app.gateway(connection.gateway).probe(app.store.connections.endpointOf(connection));
  const { changedConnection, wakes, webhookDue } = await app.store.connections.recordProbe(
    scope,
    connection.id,
    result,
  );
  await app.starter.wake(wakes);
  if (webhookDue) await registerWebhook(app, connection);
  if (changedConnection === null) return;
  app.metrics.connectionChanges.inc({ to: result.kind === 'held' ? result.state : result.kind });
  app.starter.connectionChanged(scope, changedConnection);
}
