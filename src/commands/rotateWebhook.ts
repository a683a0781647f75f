import type { App } from '../app';
import { findConnection } from './findConnection';
import type { WebhookState } from './nextAfterConnect';
import { registerWebhook, type WebhookRegistered } from './registerWebhook';

export interface RotateWebhookInput {
  connectionId: string;
  /** Who does it, for the audit log. */
  actor: string;
}

export interface WebhookRotated {
  connectionId: string;
  /** Whether the gateway has taken the new address. */
  webhook: WebhookState;
  /** What comes of the old address, for a person. */
  next: string;
}

/**
 * Gives a connection another secret in the address to which its gateway posts. The old address is good until the gateway
 * has taken the new one, and a minute longer; where it does not take it now, the probe loop tells it again. Throws
 * `not_found`.
 */
export async function rotateWebhook(
  app: Pick<App, 'store' | 'gateway' | 'settings' | 'logger'>,
  { connectionId, actor }: RotateWebhookInput,
): Promise<WebhookRotated> {
  const connection = await findConnection(app, connectionId);
  await app.store.connections.beginRotation({ locationId: connection.location_id }, connectionId, actor);
  const told = await registerWebhook(app, connection);
  return { connectionId, webhook: told.state, next: nextOf(told) };
}

function nextOf({ state, problem }: WebhookRegistered): string {
  if (state === 'registered') return 'The gateway posts to the new address; the old one is refused in a minute.';
  const why = problem === undefined ? '' : ` ${problem}`;
  return `The gateway has not taken the new address yet.${why} It is told by itself as soon as its number is connected; until then both addresses are good.`;
}
