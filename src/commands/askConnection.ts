import type { App } from '../app';
import { notFound } from '../domain/errors';
import type { ConnectionUpdates } from '../domain/workflowTypes';
import type { ConnectionRow } from '../store/rows';
import { fetchQr } from './fetchQr';
import { reconnectNumber } from './reconnectNumber';

type Name = keyof ConnectionUpdates;

/**
 * Has a number asked something on behalf of a person: by its workflow, so that operators see it there, or straight from
 * here while Temporal is away (linking a phone needs no Temporal, and may be what is missing most then). Throws
 * `not_found`, `connection_unanswered`.
 */
export async function askConnection<N extends Name>(
  app: Pick<App, 'store' | 'starter' | 'gateway' | 'settings' | 'logger' | 'metrics'>,
  { id: connectionId, location_id: locationId }: ConnectionRow,
  name: N,
): Promise<NonNullable<ConnectionUpdates[N]>> {
  const direct: { [Each in Name]: () => Promise<ConnectionUpdates[Each]> } = {
    qr: () => fetchQr(app, { v: 1, locationId, connectionId }),
    reconnect: () => reconnectNumber(app, { v: 1, locationId, connectionId }),
  };
  const asked = await app.starter.askConnection({ locationId, connectionId }, name);
  const answer = asked === 'not_taken' ? await direct[name]() : asked;
  if (answer === null) throw notFound('connection');
  return answer;
}
