import { contactOf, type WaapifyState } from '../records/state';
import type { WaapifyInstance, WaapifySend, WaapifyWebhook } from '../records/types';
import { postWebhook } from './post';
import { contentOf, jidOf, messagesUpdate, messagesUpsert, receivedMessage, type MessageKey } from './shapes';

/** How the webhooks after one send differ from the normal. */
export interface SendEffects {
  echo: 'after' | 'first' | 'lost';
  nack: boolean;
}

/** The dialects in which hosts post messages; some post both for one message. */
export type Dialect = 'A' | 'B' | 'both';

function keyOf(send: WaapifySend): MessageKey {
  return { remoteJid: jidOf(send.number), fromMe: true, id: send.gatewayId };
}

/** Posts the echo of a send (`messages.upsert`, fromMe), with another text where a test wants that. */
export async function postEcho(
  state: WaapifyState,
  instance: WaapifyInstance,
  send: WaapifySend,
  options: { dialect?: Dialect; text?: string } = {},
): Promise<WaapifyWebhook[]> {
  const { dialect = 'A', text = send.text } = options;
  const content = contentOf({ ...send, text });
  const message = { key: keyOf(send), at: send.at, name: '', content, timestampAs: 'number' as const };
  const bodies = [
    ...(dialect === 'B' ? [] : [messagesUpsert(instance.id, 'notify', [message])]),
    ...(dialect === 'A' ? [] : [receivedMessage(instance.id, message)]),
  ];
  return Promise.all(
    bodies.map((body) => postWebhook(state, instance, { kind: 'echo', gatewayId: send.gatewayId, body })),
  );
}

/** Posts one receipt of a send; `code` is WhatsApp's reason, with status 0. */
export function postReceipt(
  state: WaapifyState,
  instance: WaapifyInstance,
  send: WaapifySend,
  status: number,
  code?: string,
): Promise<WaapifyWebhook> {
  const body = messagesUpdate(instance.id, keyOf(send), status, code);
  return postWebhook(state, instance, { kind: 'receipt', gatewayId: send.gatewayId, body });
}

/** Returns the receipts that come by themselves: none for a number that is not on WhatsApp. */
function receiptsOf({ auto }: WaapifyInstance, nack: boolean, reachable: boolean) {
  const { delaysMs } = auto;
  if (nack) return [{ status: 0, code: '463', delayMs: delaysMs.server }];
  if (!reachable) return [];
  const receipts = [
    ...(auto.server ? [{ status: 2, code: undefined, delayMs: delaysMs.server }] : []),
    ...(auto.delivered ? [{ status: 3, code: undefined, delayMs: delaysMs.delivered }] : []),
    ...(auto.read ? [{ status: 4, code: undefined, delayMs: delaysMs.read }] : []),
  ];
  return auto.reversed ? receipts.reverse() : receipts;
}

/** Plays what happens by itself after a send: echo and receipts, one after the other. */
export async function playWebhooks(
  state: WaapifyState,
  instance: WaapifyInstance,
  send: WaapifySend,
  effects: SendEffects,
): Promise<void> {
  const { auto } = instance;
  const reachable = contactOf(state, send.number).exists;
  if (auto.echo && effects.echo === 'after') {
    await state.timers.after(auto.delaysMs.echo);
    await postEcho(state, instance, send);
  }
  for (const { status, code, delayMs } of receiptsOf(instance, effects.nack, reachable)) {
    await state.timers.after(delayMs);
    await postReceipt(state, instance, send, status, code);
  }
}
