import type { App } from '../app';
import type { ProbeResult } from '../channels/gateway';
import { probeDialects } from '../commands/externalAuthDialect';
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
  const { result, dialect } = await ask(app, connection);
  const { changedConnection, wakes, webhookDue } = await app.store.connections.recordProbe(
    scope,
    connection.id,
    result,
  );
  await app.starter.wake(wakes);
  if (webhookDue) await registerWebhook(app, { ...connection, dialect });
  if (changedConnection === null) return;
  app.metrics.connectionChanges.inc({ to: result.kind === 'held' ? result.state : result.kind });
  app.starter.connectionChanged(scope, changedConnection);
}

interface Asked {
  result: ProbeResult;
  dialect: ConnectionRow['dialect'];
}

/**
 * A number whose gateway has not answered yet may be on a host of the younger dialect. What is found is kept, unless it
 * is a refusal of the credentials: a host that speaks both may know them in the other one alone.
 */
async function ask(app: ProberApp, connection: ConnectionRow): Promise<Asked> {
  const { connections } = app.store;
  const endpoint = connections.endpointOf(connection);
  const known = connection.dialect;
  if (connection.state !== 'unverified' && connection.state !== 'unreachable') {
    return { result: await app.gateway(connection.gateway).probe(endpoint), dialect: known };
  }
  const { result, dialect } = await probeDialects(app, connection.gateway, endpoint);
  const isRefusal = result.kind === 'held' && result.state === 'reauth';
  if (dialect === undefined || dialect === known || isRefusal) return { result, dialect: known };
  await connections.learnDialect({ locationId: connection.location_id }, connection.id, dialect);
  return { result, dialect };
}
