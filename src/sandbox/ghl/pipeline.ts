import { empty, type Answer, type Reply } from '../kit/answer';
import type { SandboxRequest } from '../kit/http';
import { findRoute } from '../kit/router';
import { bearerPair, refusal } from './access';
import type { GhlFault } from './faults';
import { withinLimits, withLimitHeaders } from './rateLimit';
import { ok, refuse } from './replies';
import { AUTHORIZE_ROUTES } from './routes/authorize';
import { CONTACT_ROUTES } from './routes/contacts';
import { CONVERSATION_ROUTES } from './routes/conversations';
import { LOCATION_ROUTES } from './routes/locations';
import { MESSAGE_ROUTES } from './routes/messages';
import { NOTE_ROUTES } from './routes/notes';
import type { Call, GhlRoute } from './routes/route';
import { TASK_ROUTES } from './routes/tasks';
import { STORAGE_ROUTES } from './routes/storage';
import { TOKEN_ROUTES } from './routes/tokens';
import { UPLOAD_ROUTES } from './routes/upload';
import type { GhlState } from './records/state';
import { jsonOf } from './validation';

const ROUTES: readonly GhlRoute[] = [
  ...AUTHORIZE_ROUTES,
  ...TOKEN_ROUTES,
  ...LOCATION_ROUTES,
  ...CONTACT_ROUTES,
  ...NOTE_ROUTES,
  ...TASK_ROUTES,
  ...UPLOAD_ROUTES,
  ...MESSAGE_ROUTES,
  ...CONVERSATION_ROUTES,
  ...STORAGE_ROUTES,
];

/** Returns the location that a call is about: of its bearer token, or of the refresh token that it wants to spend. */
function locationOf(state: GhlState, request: SandboxRequest): string | undefined {
  const pair = bearerPair(state, request);
  if (pair !== undefined) return pair.locationId;
  const form = new URLSearchParams(request.body.toString('utf8'));
  return state.tokens.byRefreshToken(form.get('refresh_token') ?? '')?.locationId;
}

async function spoiled(state: GhlState, fault: GhlFault, perform: () => Promise<Reply>): Promise<Answer> {
  const reply = fault.effect || fault.end === 'pass' ? await perform() : undefined;
  await state.timers.after(fault.delayMs);
  if (fault.end === 'hang' || fault.end === 'reset') return { kind: fault.end };
  if (fault.end === 'empty') return empty(201);
  if (fault.end === 'pass' && reply !== undefined) return reply;
  const { status, body, message } = fault;
  return typeof body === 'object' && body !== null ? ok(body, status) : refuse(status, message);
}

async function answerTo(state: GhlState, route: GhlRoute, call: Call): Promise<Answer> {
  const { access, operation } = route;
  const resource = call.token?.locationId ?? call.token?.companyId;
  const limited = (reply: Reply) => withLimitHeaders(state, access === undefined ? undefined : resource, reply);
  const refused = access && refusal(state, call.request, access.audience, access.scope);
  if (refused !== undefined) return limited(refused);
  if (access !== undefined && resource !== undefined && !withinLimits(state, resource)) return limited(refuse(429));
  const about = locationOf(state, call.request);
  const fault = state.faults.take(
    (rule) =>
      (rule.operation === '*' || rule.operation === operation) &&
      (rule.locationId === undefined || rule.locationId === about),
  );
  const perform = async () => route.handle(call);
  const answer = fault === undefined ? await perform() : await spoiled(state, fault, perform);
  return answer.kind === 'reply' ? limited(answer) : answer;
}

function traceIdOf(answer: Answer): string | undefined {
  if (answer.kind !== 'reply') return undefined;
  return /"traceId":"([^"]+)"/.exec(answer.body.toString())?.[1];
}

function record(state: GhlState, request: SandboxRequest, route: GhlRoute | undefined) {
  return state.journal.add({
    at: state.now(),
    kind: 'request',
    operation: route?.operation ?? 'unknown',
    method: request.method,
    path: request.path,
    locationId: locationOf(state, request),
    status: 0,
    summary: 'not answered',
    // OAuth bodies hold secrets.
    body: route?.access === undefined ? undefined : jsonOf(request),
  });
}

/** Returns the answer of the imitated API to a request, and writes both into the journal. */
export async function answerApi(state: GhlState, request: SandboxRequest): Promise<Answer> {
  const found = findRoute(ROUTES, request.method, request.path);
  const entry = record(state, request, found?.route);
  if (found === undefined) {
    state.journal.update(entry, { status: 404, summary: 'no such operation' });
    return withLimitHeaders(state, undefined, refuse(404, `Cannot ${request.method} ${request.path}`));
  }
  const token = bearerPair(state, request);
  const { route, params } = found;
  const answer = await answerTo(state, route, {
    state,
    request,
    params,
    token,
    locationId: token?.locationId ?? '',
  });
  const status = answer.kind === 'reply' ? answer.status : 0;
  const summary = answer.kind === 'reply' ? (answer.note ?? '') : answer.kind;
  state.journal.update(entry, { status, summary, traceId: traceIdOf(answer) });
  return answer;
}
