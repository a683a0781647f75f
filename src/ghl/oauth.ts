import { z } from 'zod';
import type { Priority } from '../domain/requestBudget';
import { TOKEN_CALL_MS } from '../domain/tokenRefresh';
import type { GhlHttp } from './http';
import { CORE_VERSION, type GhlOperation } from './operations';
import { maybe, maybeFlag, needed, readAnswer } from './shapes';

export type UserType = 'Location' | 'Company';

/** What a successful grant gives. Secrets in clear: never logged, never given to Temporal. */
export interface TokenGrant {
  accessToken: string;
  /** Spent by its first use; its successor comes with the next grant. */
  refreshToken: string;
  /** Life of the access token in seconds; GHL's is one day. */
  expiresInS: number;
  /** Space-separated. */
  scope: string;
  /** What the token is for, as the answer says it: an agency install gives `Company` even when `Location` was asked. */
  userType: UserType;
  locationId?: string;
  companyId?: string;
  /** Who installed the app. */
  userId?: string;
  isBulkInstallation?: boolean;
}

/** A location's token out of its company's. GHL's OpenAPI file leaves the refresh token out, its answers hold one. */
export type LocationGrant = Omit<TokenGrant, 'refreshToken'> & { refreshToken?: string };

export interface OAuthApi {
  /**
   * Exchanges an authorization code. Throws `grant_refused` (the code is used or old), `ghl_client_refused`,
   * `ghl_unavailable`, `ghl_empty_answer`.
   */
  exchangeCode(input: { code: string; redirectUri: string; userType: UserType }): Promise<TokenGrant>;
  /**
   * Spends a refresh token. Throws `token_spent`, `location_not_active` (try daily, keep the tokens),
   * `ghl_client_refused`, and `ghl_unavailable` or `ghl_empty_answer`, after which the same refresh token may be
   * posted again: for 30 s GHL gives the same answer (GHL's changelog).
   */
  refresh(input: { refreshToken: string; userType: UserType }): Promise<TokenGrant>;
  /**
   * Mints a location's token from its company's (scope `oauth.write`); counted for the company. Throws `grant_refused` (the location has not
   * installed the app), `ghl_unauthorized` (the company's token is to be refreshed), `location_not_active`,
   * `ghl_budget`.
   */
  locationToken(
    companyAccessToken: string,
    input: { companyId: string; locationId: string; priority?: Priority },
  ): Promise<LocationGrant>;
}

/** GHL's documented life of an access token in seconds; used when an answer does not tell. */
const DEFAULT_EXPIRES_IN_S = 86_399;

const grantShape = z.object({
  access_token: needed,
  refresh_token: maybe,
  expires_in: z.coerce.number().positive().catch(DEFAULT_EXPIRES_IN_S),
  scope: maybe,
  userType: z.enum(['Location', 'Company']).optional().catch(undefined),
  locationId: maybe,
  companyId: maybe,
  userId: maybe,
  isBulkInstallation: maybeFlag,
});

/** A spent code or refresh token is worth nothing without its successor. */
const spentShape = grantShape.extend({ refresh_token: needed });

/** Returns the token endpoints for the app with these credentials. Forms in snake_case, as the dated API has them. */
export function createOAuthApi(http: GhlHttp, app: { clientId: string; clientSecret: string }): OAuthApi {
  const spend = async (operation: GhlOperation, userType: UserType, fields: Record<string, string>) => {
    const form = { client_id: app.clientId, client_secret: app.clientSecret, user_type: userType, ...fields };
    const timeoutMs = operation === 'oauth.refresh' ? TOKEN_CALL_MS : undefined;
    const answer = await http.request({ operation, method: 'POST', path: '/oauth/token', form, timeoutMs });
    const body = readAnswer(operation, spentShape, answer);
    return { ...grantOf(body, userType), refreshToken: body.refresh_token };
  };

  return {
    exchangeCode: ({ code, redirectUri, userType }) =>
      spend('oauth.exchange', userType, { grant_type: 'authorization_code', code, redirect_uri: redirectUri }),

    refresh: ({ refreshToken, userType }) =>
      spend('oauth.refresh', userType, { grant_type: 'refresh_token', refresh_token: refreshToken }),

    async locationToken(companyAccessToken, { companyId, locationId, priority = 'high' }) {
      const answer = await http.request({
        operation: 'oauth.location',
        method: 'POST',
        path: '/oauth/locationToken',
        version: CORE_VERSION,
        access: { accessToken: companyAccessToken, resourceId: companyId, priority },
        form: { companyId, locationId },
        timeoutMs: TOKEN_CALL_MS,
      });
      // A grant that names another location is no answer to this question, and must not be stored as one.
      const isAsked = (given: { locationId?: string }): boolean => (given.locationId ?? locationId) === locationId;
      const body = readAnswer('oauth.location', grantShape.refine(isAsked), answer);
      const grant = { ...grantOf(body, 'Location'), refreshToken: body.refresh_token };
      return { ...grant, userType: 'Location', locationId, companyId };
    },
  };
}

/** The answer's own kind decides; where it is silent, a location id makes it a location's, then what was asked for. */
function grantOf(body: z.infer<typeof grantShape>, asked: UserType): Omit<TokenGrant, 'refreshToken'> {
  return {
    accessToken: body.access_token,
    expiresInS: body.expires_in,
    scope: body.scope ?? '',
    userType: body.userType ?? (body.locationId === undefined ? asked : 'Location'),
    locationId: body.locationId,
    companyId: body.companyId,
    userId: body.userId,
    isBulkInstallation: body.isBulkInstallation,
  };
}
