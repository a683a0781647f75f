import { text, type Answer, type Reply } from '../kit/answer';
import type { SandboxRequest } from '../kit/http';
import { failure, HTML_PAGE, raw, success } from './bodies';
import type { Endpoint } from './endpoints/endpoint';
import { send, sendGroup } from './endpoints/send';
import { createInstance, getQrCode, reboot, reconnect, resetInstance } from './endpoints/session';
import { setWebhook } from './endpoints/setWebhook';
import type { WaapifyFault } from './faults';
import { callOf, type Call } from './params';
import type { WaapifyState } from './records/state';

const ENDPOINTS: Record<string, Endpoint | undefined> = {
  send,
  sendgroup: sendGroup,
  createinstance: createInstance,
  getqrcode: getQrCode,
  reconnect,
  reboot,
  resetinstance: resetInstance,
  setwebhook: setWebhook,
};

const NORMAL = { echo: 'after', nack: false } as const;

function fits(fault: WaapifyFault, { endpoint, params }: Call): boolean {
  const { type } = params;
  return (
    fault.endpoint === endpoint &&
    (fault.type === undefined ? type !== 'check_phone' : fault.type === type) &&
    (fault.instanceId === undefined || fault.instanceId === params.instance_id) &&
    (fault.text === undefined || (params.message ?? '').includes(fault.text)) &&
    (fault.number === undefined || fault.number === params.number)
  );
}

/** Returns how a spoiled exchange ends, where that is not the true answer. */
function ending(fault: WaapifyFault, { generation }: Call): Answer {
  switch (fault.end) {
    case 'error':
      return failure(generation, fault.message, fault.relogin ? { relogin: true } : {});
    case 'null':
      return raw(generation, 'null');
    case 'empty':
      return raw(generation, '');
    case 'no_id':
      return success(generation);
    case 'html':
      return text(200, HTML_PAGE);
    case 'http_error':
      return text(fault.status, HTML_PAGE);
    case 'hang':
    case 'reset':
      return { kind: fault.end };
    case 'pass':
    case 'notice':
      return raw(generation, '');
  }
}

/** The true answer, late or after a notice. */
async function passed(state: WaapifyState, fault: WaapifyFault, perform: () => Promise<Reply>): Promise<Answer> {
  await state.timers.after(fault.sendAfterMs);
  const reply = await perform();
  await state.timers.after(fault.replyAfterMs - fault.sendAfterMs);
  if (fault.end === 'pass') return reply;
  return { ...reply, body: `\nNotice: Undefined index: caption in send.php on line 42\n${reply.body.toString()}` };
}

/** Another answer than the true one; the message goes out or not, before the answer or long after it. */
async function replaced(
  state: WaapifyState,
  fault: WaapifyFault,
  call: Call,
  perform: () => Promise<Reply>,
): Promise<Answer> {
  const { sent, sendAfterMs, replyAfterMs } = fault;
  if (sent && sendAfterMs > 0) {
    state.timers.run(sendAfterMs, () => void perform().then(({ after }) => after?.()));
  }
  const reply = sent && sendAfterMs === 0 ? await perform() : undefined;
  await state.timers.after(replyAfterMs);
  return { ...ending(fault, call), after: reply?.after };
}

async function answerTo(state: WaapifyState, call: Call, endpoint: Endpoint, fault?: WaapifyFault): Promise<Answer> {
  if (fault === undefined) return endpoint(state, call, NORMAL);
  const instance = state.instances.get(call.params.instance_id ?? '');
  if (fault.logout && instance !== undefined) instance.state = 'logged_out';
  const perform = async () => endpoint(state, call, fault);
  const isTrue = fault.end === 'pass' || fault.end === 'notice';
  return isTrue ? passed(state, fault, perform) : replaced(state, fault, call, perform);
}

/** Returns parameters without secrets: no access token, and of a webhook address only its origin. */
function shown(params: Record<string, string>): Record<string, string> {
  const { access_token: _secret, webhook_url: webhook, ...rest } = params;
  return webhook !== undefined && URL.canParse(webhook) ? { ...rest, webhook_url: new URL(webhook).origin } : rest;
}

/** Returns the answer of the imitated API to a request, and writes both into the journal. */
export async function answerApi(state: WaapifyState, request: SandboxRequest): Promise<Answer> {
  const { maxUrlBytes } = state.settings;
  const call = callOf(request);
  const endpoint = ENDPOINTS[call?.endpoint ?? ''];
  if (call === undefined || endpoint === undefined) return text(404, HTML_PAGE);
  if (maxUrlBytes > 0 && request.urlBytes > maxUrlBytes) return text(414, HTML_PAGE);
  const fault = state.faults.take((rule) => fits(rule, call));
  const entry = state.requests.add({
    at: state.now(),
    endpoint: call.endpoint,
    generation: call.generation,
    method: request.method,
    params: shown(call.params),
    status: 0,
    end: fault?.end ?? 'pass',
  });
  const answer = await answerTo(state, call, endpoint, fault);
  if (answer.kind === 'reply') state.requests.update(entry, { status: answer.status, note: answer.note });
  return answer;
}
