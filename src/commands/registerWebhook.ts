import type { App } from '../app';
import { hashSecret } from '../crypto/secrets';
import { asDomainError } from '../domain/errors';
import type { ConnectionRow } from '../store/rows';
import type { WebhookState } from './nextAfterConnect';

export interface WebhookRegistered {
  state: WebhookState;
  /** What the gateway or the network said, for a person. */
  problem?: string;
}

type RegisterApp = Pick<App, 'store' | 'gateway' | 'settings' | 'logger'>;

/** The address may have been changed while the gateway was told the last one; hardly twice. */
const MOST_TELLS = 3;

/**
 * Tells a connection's gateway where to post, and notes that it took it; until then the probe loop tries again. Never
 * throws.
 */
export async function registerWebhook(app: RegisterApp, connection: ConnectionRow): Promise<WebhookRegistered> {
  try {
    for (let tells = 0; tells < MOST_TELLS; tells++) {
      if (await tell(app, connection)) return { state: 'registered' };
    }
    return { state: 'not_registered' };
  } catch (error) {
    app.logger.warn({ err: error, connectionId: connection.id }, 'The gateway did not take our webhook address yet');
    return { state: 'not_registered', problem: asDomainError(error).message };
  }
}

/** By the row as it is now: it may be older than the address. False: another address is to be told by now. */
async function tell(app: RegisterApp, { id, location_id: locationId }: ConnectionRow): Promise<boolean> {
  const { connections } = app.store;
  const row = await connections.get({ locationId }, id);
  if (row === null) return false;
  const secret = connections.webhookSecretOf(row);
  const url = `${app.settings.publicUrl}/waapify/webhooks/${secret}`;
  await app.gateway(row.gateway).registerWebhook(connections.endpointOf(row), url);
  return await connections.markWebhookRegistered({ locationId }, id, hashSecret(secret));
}
