import type { Reply } from '../../kit/answer';
import { sendingInstanceOf } from '../access';
import { failure, sentReply } from '../bodies';
import { fetchMedia } from '../media';
import type { Call } from '../params';
import { newMessageId, type WaapifyState } from '../records/state';
import type { FetchedMedia, WaapifyInstance, WaapifySend } from '../records/types';
import { playWebhooks, postEcho, type SendEffects } from '../webhooks/ownSends';
import { contentOf, jidOf } from '../webhooks/shapes';
import { checkPhone } from './checkPhone';
import type { Endpoint } from './endpoint';

const TYPES = ['text', 'media', 'template'] as const;
type SendType = (typeof TYPES)[number];

function isSendType(type: string | undefined): type is SendType {
  return TYPES.some((known) => known === type);
}

/**
 * `{a|b}` becomes one of the choices: here always the first, for tests' sake (Waapify API behaviour: any); a parameter
 * becomes what the panel knows of the contact: nothing, here.
 */
function withoutSpintax(text: string): string {
  return text.replace(/\{([^{}|]*)\|[^{}]*\}/g, '$1').replace(/%(?:name|nama|phone|param\d)%/g, '');
}

/** Returns what is wrong with the parameters of a send, in the gateway's words, or undefined. */
function invalid({ params }: Call, receiver: string | undefined): string | undefined {
  if (!isSendType(params.type)) return 'Message type not supported';
  if (!receiver) return 'Phone number is required';
  const content = params.type === 'media' ? params.media_url : params.message;
  return content ? undefined : 'Please enter media url or message';
}

function sendOf(state: WaapifyState, { params }: Call, instance: WaapifyInstance, number: string): WaapifySend {
  const text = params.message ?? '';
  return {
    at: state.now(),
    instanceId: instance.id,
    number,
    type: isSendType(params.type) ? params.type : 'text',
    text: state.settings.spintax ? withoutSpintax(text) : text,
    gatewayId: newMessageId(),
    mediaUrl: params.media_url,
    filename: params.filename,
  };
}

/** The message leaves for WhatsApp: from here on it counts as sent. */
async function goOut(state: WaapifyState, instance: WaapifyInstance, send: WaapifySend, effects: SendEffects) {
  state.sends.add(send);
  state.sent.set(send.gatewayId, send);
  if (instance.plan.messagesLeft !== null) instance.plan.messagesLeft -= 1;
  state.watch.changed();
  if (effects.echo === 'first') await postEcho(state, instance, send);
}

/** Returns why the plan lets nothing out, in the gateway's words, or undefined. */
function refusedByPlan({ plan }: WaapifyInstance): string | undefined {
  if (plan.expired) return 'Your subscription has expired';
  return plan.messagesLeft === 0 ? 'You have exceeded the maximum number of messages sent per day' : undefined;
}

async function deliver(state: WaapifyState, call: Call, receiver: string | undefined, effects: SendEffects) {
  const access = sendingInstanceOf(state, call);
  if (!access.ok) return access.reply;
  const { generation, params } = call;
  const problem = invalid(call, receiver);
  if (problem !== undefined) return failure(generation, problem);
  const { instance } = access;
  const spent = refusedByPlan(instance);
  if (spent !== undefined) return failure(generation, spent);
  const send = sendOf(state, call, instance, receiver ?? '');
  const fetched = await mediaFor(state, params.media_url);
  if (fetched === 'missing') return failure(generation, 'Cannot find the media');
  if (fetched !== undefined) send.media = fetched;
  const { gatewayId, at } = send;
  const sent = { jid: jidOf(send.number), gatewayId, content: contentOf(send), at };
  const reply = sentReply(generation, state.settings.successShape, sent);
  // The gateway appends its suffix to whatever it is given and reports PENDING; such a message never leaves.
  if (!/^\d{8,15}$|@g\.us$/.test(send.number)) return { ...reply, note: 'malformed number, never leaves' };
  await goOut(state, instance, send, effects);
  return { ...reply, after: () => void playWebhooks(state, instance, send, effects) };
}

async function mediaFor(state: WaapifyState, url: string | undefined): Promise<FetchedMedia | 'missing' | undefined> {
  if (url === undefined || !state.settings.fetchMedia) return undefined;
  return (await fetchMedia(url)) ?? 'missing';
}

/** `send.php`, `send`: one message to a number, or `check_phone`. */
export const send: Endpoint = (state, call, effects): Reply | Promise<Reply> =>
  call.params.type === 'check_phone' ? checkPhone(state, call) : deliver(state, call, call.params.number, effects);

/** `sendgroupmsg.php`, `send_group`: one message to a group, by its jid. */
export const sendGroup: Endpoint = (state, call, effects): Promise<Reply> =>
  deliver(state, call, call.params.group_id, effects);
