import type { Reply } from '../../kit/answer';
import { sendingInstanceOf } from '../access';
import { failure, reply } from '../bodies';
import type { Call } from '../params';
import { contactOf, type WaapifyState } from '../records/state';
import { jidOf } from '../webhooks/shapes';

/** `type=check_phone`: keys are capitalised, and the answer tells the number's LID (Waapify API, captured reply). */
export function checkPhone(state: WaapifyState, call: Call): Reply {
  const access = sendingInstanceOf(state, call);
  if (!access.ok) return access.reply;
  const { generation, params } = call;
  const number = params.number;
  if (!number) return failure(generation, 'Phone number is required');
  const { exists, lid, knownAs = number } = contactOf(state, number);
  const { negativeCheck } = state.settings;
  if (exists) {
    const entry = { jid: jidOf(knownAs), exists: true, ...(lid !== null && { lid }) };
    return reply(generation, { Status: 'success', Message: 'available', Number: number, Data: [entry] });
  }
  if (negativeCheck === 'error') {
    return reply(generation, { Status: 'error', Message: 'not available', Number: number });
  }
  const data = negativeCheck === 'exists_false' ? [{ jid: jidOf(number), exists: false }] : [];
  return reply(generation, { Status: 'success', Message: 'not available', Number: number, Data: data });
}
