import { z } from 'zod';
import { empty, type Reply } from '../../kit/answer';
import { announceInstall } from '../agent/events';
import type { GhlState } from '../records/state';
import { refuse } from '../replies';
import { SANDBOX_SCOPES } from '../scopes';
import { check } from '../validation';
import type { Call, GhlRoute } from './route';

const querySchema = z.object({
  response_type: z.literal('code'),
  client_id: z.string(),
  redirect_uri: z.url(),
  scope: z.string().default(SANDBOX_SCOPES),
  state: z.string().optional(),
  /** Hints of the sandbox: which location, or which company, "the user" chooses. The first location by default. */
  location_id: z.string().optional(),
  company_id: z.string().optional(),
});

function chosenResource(state: GhlState, hint: { location_id?: string; company_id?: string }) {
  const all = [...state.locations.values()];
  if (hint.company_id !== undefined) {
    return all.some(({ companyId }) => companyId === hint.company_id) ? { companyId: hint.company_id } : undefined;
  }
  const location = all.find(({ id }) => id === (hint.location_id ?? id));
  return location && { companyId: location.companyId, locationId: location.id };
}

/** The authorization page, where "the user" says yes at once. */
function authorize({ state, request }: Call): Reply {
  const query = check(querySchema, Object.fromEntries(request.query));
  if (!query.ok) return query.reply;
  const { client_id: clientId, redirect_uri: redirectUri, scope, state: callerState } = query.value;
  if (clientId !== state.clientId) return refuse(400, 'Invalid client: client is invalid');
  const registered = state.redirectUris.length === 0 || state.redirectUris.includes(redirectUri);
  if (!registered) return refuse(400, 'Invalid redirect_uri');
  const resource = chosenResource(state, query.value);
  if (resource === undefined) return refuse(400, 'There is no such location or company in the sandbox');
  announceInstall(state, resource);
  const target = new URL(redirectUri);
  target.searchParams.set('code', state.tokens.newCode({ ...resource, scope, redirectUri }));
  if (callerState !== undefined && state.settings.returnState) target.searchParams.set('state', callerState);
  return empty(302, { location: target.toString() });
}

export const AUTHORIZE_ROUTES: readonly GhlRoute[] = [
  { method: 'GET', path: '/oauth/chooselocation', operation: 'authorize', handle: authorize },
  { method: 'GET', path: '/v2/oauth/chooselocation', operation: 'authorize', handle: authorize },
];
