import type { Reply } from '../kit/answer';
import type { SandboxRequest } from '../kit/http';
import { refuse } from './replies';
import type { GhlState } from './records/state';
import type { TokenPair } from './records/tokens';

/** Which token a route takes. */
export type Audience = 'location' | 'company';

/** Returns the pair of the request's bearer token, whatever its age, or undefined. */
export function bearerPair(state: GhlState, request: SandboxRequest): TokenPair | undefined {
  const [, token] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return token === undefined ? undefined : state.tokens.byAccessToken(token);
}

/**
 * Returns why a request is not let in, or undefined. A missing `Version` is a 401 that looks like an expired token,
 * and a company token on a location's route is "Invalid JWT" (both observed with GHL).
 */
export function refusal(
  state: GhlState,
  request: SandboxRequest,
  audience: Audience,
  scope: string,
): Reply | undefined {
  if (request.headers.version === undefined) return refuse(401, 'version header was not found.');
  const pair = bearerPair(state, request);
  if (pair === undefined) return refuse(401);
  if (pair.expiresAt <= state.now()) return refuse(401, 'Invalid token: access token has expired');
  if ((pair.locationId === undefined) !== (audience === 'company')) return refuse(401, 'Invalid JWT');
  if (!pair.scope.split(' ').includes(scope)) return refuse(403, 'The token is not authorized for this scope.');
  return undefined;
}
