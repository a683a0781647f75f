import { z } from 'zod';
import type { Reply } from '../../kit/answer';
import type { GhlState } from '../records/state';
import type { TokenPair } from '../records/tokens';
import { ok, refuse } from '../replies';
import { check, type Checked } from '../validation';
import type { Call, GhlRoute } from './route';

const tokenSchema = z.strictObject({
  client_id: z.string(),
  client_secret: z.string(),
  grant_type: z.enum(['authorization_code', 'refresh_token', 'client_credentials']),
  code: z.string().optional(),
  refresh_token: z.string().optional(),
  user_type: z.enum(['Company', 'Location']).optional(),
  redirect_uri: z.string().optional(),
});

const locationTokenSchema = z.strictObject({ companyId: z.string(), locationId: z.string() });

const pageSchema = z.object({ limit: z.coerce.number().default(20), skip: z.coerce.number().default(0) });

/** Returns the form of a request, or the refusal of anything that is not one (GHL docs, OAuth: form only). */
function checkForm<T extends z.ZodType>(schema: T, { request }: Call): Checked<z.output<T>> {
  if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    return { ok: false, reply: refuse(400, 'Content-Type must be application/x-www-form-urlencoded') };
  }
  return check(schema, Object.fromEntries(new URLSearchParams(request.body.toString('utf8'))));
}

function locationsOf(state: GhlState, companyId: string | undefined) {
  return [...state.locations.values()].filter((location) => location.companyId === companyId);
}

/** The kind of token depends on what was granted, not on the `user_type` that was asked for. */
function tokenBody(state: GhlState, pair: TokenPair): object {
  const { companyId, locationId, scope } = pair;
  const approvedLocations = locationsOf(state, companyId).map(({ id }) => id);
  const kind =
    locationId === undefined
      ? { userType: 'Company', isBulkInstallation: true, approvedLocations }
      : { userType: 'Location', isBulkInstallation: false, locationId };
  return {
    access_token: pair.accessToken,
    token_type: 'Bearer',
    expires_in: pair.expiresInS,
    refresh_token: pair.refreshToken,
    scope,
    companyId,
    userId: 'sbx-user-1',
    ...kind,
  };
}

/** Returns the pair, or why there is none. */
function exchange(state: GhlState, form: z.output<typeof tokenSchema>): TokenPair | string {
  const { expiresInS, refreshReuseMs } = state.settings;
  if (form.grant_type === 'refresh_token') {
    const pair = state.tokens.refresh(form.refresh_token ?? '', state.now(), expiresInS, refreshReuseMs);
    return pair ?? 'Invalid refresh token';
  }
  if (form.grant_type !== 'authorization_code') return 'Unsupported grant type';
  const grant = state.tokens.useCode(form.code ?? '');
  if (grant === undefined) return 'Invalid authorization code';
  if (form.redirect_uri !== undefined && form.redirect_uri !== grant.redirectUri) return 'Invalid redirect_uri';
  return state.tokens.issue(grant, state.now(), expiresInS);
}

function token(call: Call): Reply {
  const { state, request } = call;
  // The v3 edition knows camelCase names only: a client that sends this header everywhere breaks here.
  if (request.headers.version === 'v3') return refuse(422, ['clientId should not be empty', 'grantType is not valid']);
  const form = checkForm(tokenSchema, call);
  if (!form.ok) return form.reply;
  if (form.value.client_id !== state.clientId || form.value.client_secret !== state.clientSecret) {
    return refuse(401, 'Invalid client: client is invalid');
  }
  const result = exchange(state, form.value);
  if (typeof result === 'string') return refuse(400, result);
  state.watch.changed();
  return ok(tokenBody(state, result), 200, form.value.grant_type);
}

function locationToken(call: Call): Reply {
  const { state, token: company } = call;
  const form = checkForm(locationTokenSchema, call);
  if (!form.ok) return form.reply;
  const { companyId, locationId } = form.value;
  if (company?.companyId !== companyId) return refuse(403, 'The token does not belong to this company.');
  if (state.locations.get(locationId)?.companyId !== companyId) return refuse(400, 'Location not found');
  const pair = state.tokens.issue(
    { companyId, locationId, scope: company.scope },
    state.now(),
    state.settings.expiresInS,
  );
  return ok({ ...tokenBody(state, pair), appId: state.clientId.split('-')[0] });
}

function installedLocations({ state, token: company, request }: Call): Reply {
  const page = check(pageSchema, Object.fromEntries(request.query));
  if (!page.ok) return page.reply;
  const { limit, skip } = page.value;
  const all = locationsOf(state, company?.companyId);
  const locations = all
    .slice(skip, skip + limit)
    .map(({ id, name }) => ({ _id: id, name, address: '', isInstalled: true }));
  return ok({ locations, count: all.length, installToFutureLocations: false });
}

export const TOKEN_ROUTES: readonly GhlRoute[] = [
  { method: 'POST', path: '/oauth/token', operation: 'token', handle: token },
  {
    method: 'POST',
    path: '/oauth/locationToken',
    operation: 'locationToken',
    access: { audience: 'company', scope: 'oauth.write' },
    handle: locationToken,
  },
  {
    method: 'GET',
    path: '/oauth/installedLocations',
    operation: 'installedLocations',
    access: { audience: 'company', scope: 'oauth.readonly' },
    handle: installedLocations,
  },
];
