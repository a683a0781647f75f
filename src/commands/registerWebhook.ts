import type { App } from '../app';
import { asDomainError } from '../domain/errors';
import type { ConnectionRow } from '../store/rows';
import type { WebhookState } from './nextAfterConnect';

export interface WebhookRegistered {
  state: WebhookState;
  /** What the gateway or the network said, for a person. */
  problem?: string;
}

/**
 * Tells a connection's gateway where to post, and notes that it took it; until then the probe loop tries again. Never
 * throws.
 */
export async function registerWebhook(
  app: Pick<App, 'store' | 'gateway' | 'settings' | 'logger'>,
  connection: ConnectionRow,
): Promise<WebhookRegistered> {
  const { connections } = app.store;
  const url = `${app.settings.publicUrl}/waapify/webhooks/${connections.webhookSecretOf(connection)}`;
  try {
    await app.gateway(connection.gateway).registerWebhook(connections.endpointOf(connection), url);
    await connections.markWebhookRegistered({ locationId: connection.location_id }, connection.id);
    return { state: 'registered' };
  } catch (error) {
    app.logger.warn({ err: error, connectionId: connection.id }, 'The gateway did not take our webhook address yet');
    return { state: 'not_registered', problem: asDomainError(error).message };
  }
}
