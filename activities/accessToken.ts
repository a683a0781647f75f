import { DomainError } from '../src/domain/errors';
import type { ActivityDeps } from './deps';

/** A token this close to its end is renewed; this much closer it is not used any more. */
const NEAR_MS = 5 * 60_000;
const TOO_NEAR_MS = 15_000;
/** An activity never waits for a refresh: it starts it and comes back. */
const COME_BACK_MS = 1_000;

/**
 * Returns the location's access token and its version; near its end the renewal is started beside it. Throws
 * `token_refreshing` (benign, later) while none is usable, `no_token` (never) when none is left.
 */
export async function accessTokenOf(
  deps: ActivityDeps,
  locationId: string,
): Promise<{ accessToken: string; version: number }> {
  const { store, starter } = deps.app;
  const token = await store.tokens.read(locationId);
  if (token === null)
    throw new DomainError('no_token', 'never', 'No token of this location is left.', { benign: true });
  if (token.expiresInMs < NEAR_MS) await refuseWhileHeld(deps, locationId);
  if (token.expiresInMs < NEAR_MS) await starter.refreshToken(locationId, token.version);
  if (token.expiresInMs < TOO_NEAR_MS) throw refreshing();
  return token;
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

/** GHL refused this version: starts its renewal and throws `token_refreshing` (benign, later). */
export async function renewRefusedToken(deps: ActivityDeps, locationId: string, version: number): Promise<never> {
  await refuseWhileHeld(deps, locationId);
  await deps.app.starter.refreshToken(locationId, version);
  throw refreshing();
}

function refreshing(): DomainError {
  return new DomainError('token_refreshing', 'later', 'The token is being renewed.', {
    retryAfterMs: COME_BACK_MS,
    benign: true,
  });
}
