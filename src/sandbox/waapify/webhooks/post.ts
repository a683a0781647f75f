import type { WaapifyState, Webhook } from '../records/state';
import type { WaapifyInstance, WaapifyWebhook } from '../records/types';

type Outcome = Pick<WaapifyWebhook, 'outcome' | 'status' | 'error'>;

function record(state: WaapifyState, instanceId: string, webhook: Webhook, outcome: Outcome): WaapifyWebhook {
  const { kind, gatewayId } = webhook;
  const entry = state.webhooks.add({ at: state.now(), instanceId, kind, gatewayId, ...outcome });
  state.watch.changed();
  return entry;
}

async function postNow(state: WaapifyState, instance: WaapifyInstance, webhook: Webhook): Promise<WaapifyWebhook> {
  const target = instance.webhook;
  if (target?.enabled !== true) return record(state, instance.id, webhook, { outcome: 'no_webhook', status: 0 });
  const { status, error } = await state.poster.post(
    target.url,
    Buffer.from(webhook.body),
    state.settings.webhookTimeoutMs,
  );
  return record(state, instance.id, webhook, { outcome: 'posted', status, error });
}

/**
 * Posts a webhook once: no retry, no signature, failures swallowed (Waapify API behaviour). A webhook fault may lose,
 * double, delay or hold it. Returns what became of it, of a delayed one only after its post.
 */
export async function postWebhook(
  state: WaapifyState,
  instance: WaapifyInstance,
  webhook: Webhook,
): Promise<WaapifyWebhook> {
  const fault = state.webhookFaults.take(
    ({ kind, instanceId }) =>
      (kind === 'any' || kind === webhook.kind) && (instanceId === undefined || instanceId === instance.id),
  );
  if (fault?.action === 'lose') return record(state, instance.id, webhook, { outcome: 'lost', status: 0 });
  if (fault?.action === 'hold') {
    state.held.push({ instanceId: instance.id, webhook });
    return record(state, instance.id, webhook, { outcome: 'held', status: 0 });
  }
  if (fault?.action === 'delay') await state.timers.after(fault.delayMs);
  if (fault?.action === 'duplicate') await postNow(state, instance, webhook);
  return postNow(state, instance, webhook);
}

/** Posts the held webhooks one after the other, oldest or newest first. */
export async function releaseHeld(state: WaapifyState, order: 'kept' | 'reversed'): Promise<void> {
  const held = state.held.splice(0);
  for (const { instanceId, webhook } of order === 'kept' ? held : held.reverse()) {
    const instance = state.instances.get(instanceId);
    if (instance !== undefined) await postNow(state, instance, webhook);
  }
}
