import { z } from 'zod';
import { notFound } from '../../../domain/errors';
import { parsed } from '../../kit/parse';
import { newMessageId, type WaapifyState } from '../records/state';
import { postWebhook } from './post';
import type { Told } from './people';
import { jidOf } from './shapes';

/** A state of a customer's call; the engine posts each by itself. */
export const customerCallSchema = z.strictObject({
  instanceId: z.string(),
  from: z.string(),
  status: z.enum(['offer', 'ringing', 'accept', 'reject', 'terminate', 'timeout']),
  /** The call's id; given again it is the same call. */
  id: z.string().optional(),
  video: z.boolean().default(false),
  /** The call came while the gateway was away. */
  offline: z.boolean().default(false),
  /** Epoch milliseconds; now when absent. */
  at: z.number().optional(),
});

export type CustomerCall = z.input<typeof customerCallSchema>;

/** A customer calls the number. Throws DomainError `not_found` for an instance that does not exist. */
export async function customerCalls(state: WaapifyState, input: CustomerCall): Promise<Told> {
  const call = parsed(customerCallSchema, input);
  const instance = state.instances.get(call.instanceId);
  if (instance === undefined) throw notFound('instance in the sandbox');
  const gatewayId = call.id ?? newMessageId();
  const from = jidOf(call.from.replace(/^\+/, ''));
  const date = new Date(call.at ?? state.now()).toISOString();
  const { status, video: isVideo, offline } = call;
  const data = [{ chatId: from, from, id: gatewayId, date, isVideo, isGroup: false, status, offline }];
  const body = JSON.stringify({ instance_id: instance.id, data: { event: 'call', data } });
  const post = await postWebhook(state, instance, { kind: 'call', gatewayId, body });
  return { gatewayId, statuses: [post.status] };
}
