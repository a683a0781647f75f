import type { App } from '../app';
import { asDomainError } from '../domain/errors';
import type { ConnectionArgs, QrAnswer } from '../domain/workflowTypes';
import type { ConnectionRow } from '../store/rows';

/** WhatsApp changes the code about this often (observed), so an older one is not worth scanning. */
const LIFE_MS = 20_000;
const NOTHING = { connected: false, ready: false, expiresAt: null, refusal: null } as const;

type FetchApp = Pick<App, 'store' | 'gateway'>;

/**
 * Fetches a connection's QR code from its gateway and keeps it, sealed, for as long as it can be scanned. A number that
 * is connected already is probed at once. Returns whether there is a code, or why not; null when the connection is gone.
 */
export async function fetchQr(
  { store, gateway }: FetchApp,
  { locationId, connectionId }: ConnectionArgs,
): Promise<QrAnswer | null> {
  const scope = { locationId };
  const connection = await store.connections.get(scope, connectionId);
  if (connection === null) return null;
  const answer = await ask({ store, gateway }, connection);
  if ('refusal' in answer) return answer;
  if (answer.png !== undefined) {
    const expiresAt = await store.qr.keep(scope, connectionId, { png: answer.png, lifeMs: LIFE_MS });
    return { ...NOTHING, ready: true, expiresAt };
  }
  await store.qr.drop(scope, connectionId);
  await store.connections.askProbe(scope, connectionId);
  return { ...NOTHING, connected: true };
}

/** A gateway's refusal is an answer, and no failure of ours: nothing is tried again unless a person does. */
async function ask({ store, gateway }: FetchApp, connection: ConnectionRow) {
  try {
    return await gateway(connection.gateway).qr(store.connections.endpointOf(connection));
  } catch (error) {
    const { code, retry, message, status } = asDomainError(error);
    return { ...NOTHING, refusal: { code, retry, message, status } };
  }
}
