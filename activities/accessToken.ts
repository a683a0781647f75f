import { DomainError } from '../src/domain/errors';
import type { Priority } from '../src/domain/requestBudget';
import { comeBackMs } from '../src/domain/tokenRefresh';
import type { GhlAccess } from '../src/ghl/access';
import type { AccessToken } from '../src/store/tokens';
import type { ActivityDeps } from './deps';

/** A token this close to its end is renewed; this much closer it is not used any more. */
const NEAR_MS = 5 * 60_000;
const TOO_NEAR_MS = 15_000;

/**
 * Returns the location's access and its token's version; near the token's end the renewal is started beside it.
 * `priority`: whose part of GHL's budget the requests come out of. Throws `token_refreshing` (benign, later) while no
 * token is usable, `location_held` (benign, later) while GHL gives none, `no_token` (never) when none is left.
 */
export async function accessTokenOf(
  deps: ActivityDeps,
  locationId: string,
  priority: Priority,
): Promise<{ access: GhlAccess; version: number }> {
  const { store, starter } = deps.app;
  const token = await store.tokens.read(locationId);
  if (token === null)
    throw new DomainError('no_token', 'never', 'No token of this location is left.', { benign: true });
  if (token.expiresInMs < NEAR_MS) await refuseWhileHeld(deps, locationId);
  if (token.expiresInMs < NEAR_MS) await starter.refreshToken(locationId, token.version);
  if (isTooNear(token)) throw refreshing(token);
  return { access: { accessToken: token.accessToken, resourceId: locationId, priority }, version: token.version };
}

/** Returns whether a token is so near its end that a request could outlive it. */
export function isTooNear({ expiresInMs }: AccessToken): boolean {
  return expiresInMs < TOO_NEAR_MS;
}

/** A location that lost its access, or is suspended, is asked for again now and then, not renewed every second. */
const HELD_MS = 60_000;

async function refuseWhileHeld(deps: ActivityDeps, locationId: string): Promise<void> {
  const location = await deps.app.store.locations.get({ locationId });
  if (location === null || location.state === 'installed') return;
  throw new DomainError('location_held', 'later', 'The location has to be reconnected first.', {
    retryAfterMs: HELD_MS,
    benign: true,
  });
}

/** A token that is younger than this was not refused for its age: another one would fare no better. */
const YOUNG_MS = 5 * 60_000;

/**
 * Returns whether it would be in vain to renew a token that GHL refuses: it is the fresh fruit of a renewal, and was
 * never taken. The first token of an installation does not count as such.
 */
export function isVainToRenew(deps: ActivityDeps, resourceId: string, { version, ageMs }: AccessToken): boolean {
  return version > 1 && ageMs < YOUNG_MS && !deps.proofs.has(resourceId, version);
}

/**
 * GHL refused this version: starts its renewal and throws `token_refreshing` (benign, later). A version that has only
 * just been stored, and was never taken, is not renewed again (GHL answers 401 for other reasons too): throws
 * `ghl_refuses_token` (later, minutes).
 */
export async function renewRefusedToken(deps: ActivityDeps, locationId: string, version: number): Promise<never> {
  await refuseWhileHeld(deps, locationId);
  const token = await deps.app.store.tokens.read(locationId);
  if (token?.version === version && isVainToRenew(deps, locationId, token)) {
    const message = 'GHL refuses a token that it has only just given; the app or its scopes may have changed.';
    throw new DomainError('ghl_refuses_token', 'later', message, { retryAfterMs: YOUNG_MS });
  }
  if (token?.version === version) await deps.app.starter.refreshToken(locationId, version);
  throw refreshing(token);
}

/** Nobody waits in an activity for a renewal: it is started, and whoever needs it comes back. */
function refreshing(token: AccessToken | null): DomainError {
  return new DomainError('token_refreshing', 'later', 'The token is being renewed.', {
    retryAfterMs: comeBackMs(token?.renewingForMs ?? null),
    benign: true,
  });
}
