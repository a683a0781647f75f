import { asDomainError, DomainError } from '../src/domain/errors';
import { refusalOf, type RenewAnswer, type RenewWay } from '../src/domain/tokenRefresh';
import type { LocationGrant } from '../src/ghl/oauth';
import type { ActivityDeps } from './deps';

/** A refusal that says nothing about the token is somebody's to mend, so it is not asked about every second. */
const MEND_MS = 5 * 60_000;

/** Returns GHL's grant, or what its refusal says about the token. Throws (later) whatever else came back. */
export async function askForPair(
  { app }: ActivityDeps,
  way: RenewWay,
  ask: () => Promise<LocationGrant>,
): Promise<LocationGrant | 'refused' | 'not_active'> {
  try {
    return await ask();
  } catch (thrown) {
    const error = asDomainError(thrown);
    const refusal = refusalOf(way, error.code);
    app.metrics.tokenRefreshes.inc({ way, outcome: refusal ?? error.code });
    if (refusal !== null) return refusal;
    throw error.retry === 'never' ? laterInstead(error) : error;
  }
}

function laterInstead({ code, message, status, errors }: DomainError): DomainError {
  return new DomainError(code, 'later', message, { status, errors, retryAfterMs: MEND_MS });
}

/** Whose version is renewed. */
export interface PairOf {
  resourceId: string;
  tokenVersion: number;
  kind: 'location' | 'company';
  way: RenewWay;
}

/**
 * Stores a pair before anybody uses it; what waited for it goes on. Throws `ghl_foreign_grant` (later) for a pair that
 * names another location or company: it must not be stored as this one's.
 */
export async function keepPair(
  { app }: ActivityDeps,
  { resourceId, tokenVersion, kind, way }: PairOf,
  grant: LocationGrant,
): Promise<RenewAnswer> {
  if (ownerOf(grant, kind, resourceId) !== resourceId)
    throw new DomainError('ghl_foreign_grant', 'later', 'GHL gave a token of somebody else; it is not stored.', {
      retryAfterMs: MEND_MS,
    });
  const wakes = await app.store.tokens.finishRefresh(resourceId, tokenVersion, grant);
  if (wakes === null) return 'superseded';
  app.starter.wakeSoon(wakes);
  app.metrics.tokenRefreshes.inc({ way, outcome: 'renewed' });
  return 'renewed';
}

/** Whom a grant names; an answer that leaves it out is about the one that was asked for. */
function ownerOf(grant: LocationGrant, kind: PairOf['kind'], asked: string): string | null {
  if (grant.userType === 'Company') return kind === 'company' ? (grant.companyId ?? asked) : null;
  return kind === 'location' ? (grant.locationId ?? asked) : null;
}
