import type { App } from '../app';
import type { ConnectionArgs, ReconnectAnswer } from '../domain/workflowTypes';
import { connectionView } from './connectionView';
import { probeNumber } from './probeNumber';

/**
 * Asks a connection's gateway at once how the number is, and takes the answer into the ledger as a probe does. Returns
 * what it said and how the connection stands by that; null when it is gone.
 */
export async function reconnectNumber(
  app: Pick<App, 'store' | 'starter' | 'gateway' | 'settings' | 'logger' | 'metrics'>,
  args: ConnectionArgs,
): Promise<ReconnectAnswer | null> {
  const connection = await app.store.connections.get({ locationId: args.locationId }, args.connectionId);
  if (connection === null) return null;
  const { kind } = await probeNumber(app, connection, { byPerson: true });
  const view = await connectionView(app, args);
  return view === null ? null : { gateway: kind, ...view };
}
