import type { App } from '../app';
import type { WakeRef } from '../store/context';
import type { WebhookPost } from '../store/webhookPosts';
import { applyGatewayEvent } from './applyGatewayEvent';
import type { EventSource } from './eventSource';

/**
 * Applies a stored gateway post to the ledger: messages, echoes, receipts, news of the connection, each for itself, so
 * that one bad entry loses none of the others. Safe to repeat. What nobody understood stays kept, as junk. Throws the
 * first entry's error after all were tried; the post then stays due and the sweeper applies it again.
 */
export async function applyWebhookPost(app: App, post: WebhookPost): Promise<void> {
  const scope = { locationId: post.locationId };
  const connection = await app.store.connections.get(scope, post.connectionId);
  if (connection === null) return await app.store.posts.settle(scope, post.id, 'junk');
  const source: EventSource = { app, scope, connection };
  const { wakes, puzzled, failures } = await applyEntries(source, post);
  app.starter.wakeSoon(wakes);
  if (failures.length > 0) throw failures[0];
  await app.store.posts.settle(scope, post.id, puzzled ? 'junk' : 'applied');
}

interface Applied {
  wakes: WakeRef[];
  /** True: something in it was not understood. */
  puzzled: boolean;
  failures: unknown[];
}

async function applyEntries(source: EventSource, post: WebhookPost): Promise<Applied> {
  const { app, connection } = source;
  const events = app.gateway(connection.gateway).parseWebhook({ instanceId: connection.instance_id }, post.raw);
  const applied: Applied = { wakes: [], puzzled: false, failures: [] };
  for (const event of events) {
    try {
      const { wakes = [], puzzled = false } = await applyGatewayEvent(source, event);
      applied.wakes.push(...wakes);
      applied.puzzled ||= puzzled;
    } catch (error) {
      app.logger.warn(
        { err: error, connectionId: connection.id, postId: post.id, kind: event.kind },
        'entry not applied',
      );
      applied.failures.push(error);
    }
  }
  return applied;
}
