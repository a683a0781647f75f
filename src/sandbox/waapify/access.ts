import type { Reply } from '../kit/answer';
import { failure } from './bodies';
import type { Call } from './params';
import type { WaapifyState } from './records/state';
import type { WaapifyInstance } from './records/types';

/** The instance of a call, or the error that the gateway answers instead. */
export type Access = { ok: true; instance: WaapifyInstance } | { ok: false; reply: Reply };

/** Returns the error for a bad access token, or undefined. */
export function tokenRefusal(state: WaapifyState, { generation, params }: Call): Reply | undefined {
  const known = state.teams.has(params.access_token ?? '');
  return known ? undefined : failure(generation, 'Access token does not exist');
}

/** Returns the caller's instance in any state; token and instance are checked in the real order. */
export function instanceOf(state: WaapifyState, call: Call): Access {
  const { generation, params } = call;
  const refused = tokenRefusal(state, call);
  if (refused !== undefined) return { ok: false, reply: refused };
  if (!params.instance_id) return { ok: false, reply: failure(generation, 'Instance ID is required') };
  const instance = state.instances.get(params.instance_id);
  if (instance === undefined || instance.token !== params.access_token) {
    return { ok: false, reply: failure(generation, 'Instance ID Invalidated') };
  }
  return { ok: true, instance };
}

/** Returns the caller's instance when it can send. */
export function sendingInstanceOf(state: WaapifyState, call: Call): Access {
  const access = instanceOf(state, call);
  if (!access.ok) return access;
  const refuse = (message: string, extra?: object): Access => ({
    ok: false,
    reply: failure(call.generation, message, extra),
  });
  switch (access.instance.state) {
    case 'created':
    case 'qr':
      return refuse('Instance ID has not been activated yet');
    case 'logged_out':
      return refuse('Relogin required', { relogin: true });
    case 'no_session':
      return refuse('The session could not be found in the system');
    case 'connected':
      return access;
  }
}
