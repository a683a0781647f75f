import type { App } from '../app';
import type { ProbeResult } from '../channels/gateway';
import type { ConnectionRow } from '../store/rows';
import { probeDialects } from './externalAuthDialect';
import { registerWebhook } from './registerWebhook';

type ProbeApp = Pick<App, 'store' | 'starter' | 'gateway' | 'settings' | 'logger' | 'metrics'>;

/**
 * Asks one connection's gateway how the number is, and takes the answer into the ledger: a change is told to its
 * workflow, and on a return its lane's head is woken and the gateway told where to post. `byPerson`: somebody asks, so
 * a trial that is planned for later is due now. Returns what the gateway said.
 */
export async function probeNumber(
  app: ProbeApp,
  connection: ConnectionRow,
  { byPerson = false }: { byPerson?: boolean } = {},
): Promise<ProbeResult> {
  const scope = { locationId: connection.location_id };
  const { result, dialect } = await ask(app, connection);
  const recorded = await app.store.connections.recordProbe(scope, connection.id, result, byPerson);
  await app.starter.wake(recorded.wakes);
  if (recorded.webhookDue) await registerWebhook(app, { ...connection, dialect });
  if (recorded.changedConnection === null) return result;
  app.metrics.connectionChanges.inc({ to: result.kind === 'held' ? result.state : result.kind });
  app.starter.connectionChanged(scope, recorded.changedConnection);
  return result;
}

interface Asked {
  result: ProbeResult;
  dialect: ConnectionRow['dialect'];
}

/**
 * A number whose gateway has not answered yet may be on a host of the younger dialect. What is found is kept, unless it
 * is a refusal of the credentials: a host that speaks both may know them in the other one alone.
 */
async function ask(app: ProbeApp, connection: ConnectionRow): Promise<Asked> {
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
