/**
 * The rules of renewing tokens: when, how patiently, and what a refusal means. GHL's access tokens live for a day. A
 * refresh token is spent by its use, and lives for a year (GHL docs, OAuth): it goes with each renewal, so the one of a
 * quiet location does not die of age either.
 */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A tenth of its life before its end a token is renewed, or this long before it, but not in the first half of it. */
const LEAST_LEAD_MS = 30 * MINUTE_MS;
const LEAD_OF_LIFE = 0.1;
/** Tokens of one age, as those of an agency's locations, are not all renewed at once: up to this part of the lead earlier. */
const JITTER = 0.5;
/** However long an access token lives: its refresh token dies after a year. */
const MOST_AGE_MS = 30 * DAY_MS;

/** When a pair was stored and when its access token ends, epoch milliseconds. */
export interface TokenLife {
  storedAt: number;
  expiresAt: number;
}

/** Returns when a token is to be renewed, epoch milliseconds. `share`, in [0, 1): its place in the jitter. */
export function renewAt({ storedAt, expiresAt }: TokenLife, share: number): number {
  const life = Math.max(0, expiresAt - storedAt);
  const lead = Math.min(Math.max(life * LEAD_OF_LIFE, LEAST_LEAD_MS), life / 2);
  return Math.round(Math.min(expiresAt - lead * (1 + JITTER * share), storedAt + MOST_AGE_MS));
}

/** A renewal that was begun and did not end is begun again after this long, in milliseconds. */
export const RENEW_AGAIN_MS = 10 * MINUTE_MS;

/** A suspended location's token is tried again after this long, in milliseconds (GHL: "Location is not active"). */
export const SUSPENDED_RETRY_MS = DAY_MS;

/**
 * One call to GHL for a token may take so long, in milliseconds. Shorter than other calls: three tries must fit into the
 * 30 seconds in which GHL answers a refresh token that was used already with the same pair (GHL's changelog).
 */
export const TOKEN_CALL_MS = 6_000;

const SOONEST_MS = 1_000;
const LATEST_MS = 30_000;

/**
 * Returns after how many milliseconds somebody who needs a token that is being renewed comes back: a second, and more
 * where it already takes long. `renewingForMs`: since the first try; null: none was begun yet.
 */
export function comeBackMs(renewingForMs: number | null): number {
  return Math.min(Math.max((renewingForMs ?? 0) / 4, SOONEST_MS), LATEST_MS);
}

/**
 * What came of asking GHL for a pair. renewed: it is stored. superseded: this version is not the stored one any more.
 * refused: this way leads to no token. not_active: GHL says that the location is not active, its tokens stay good.
 */
export type RenewAnswer = 'renewed' | 'superseded' | 'refused' | 'not_active';

/** The way to a new pair: by the token's own refresh token, or by the token of the company that it belongs to. */
export type RenewWay = 'own' | 'company';

/**
 * Refusals by their codes (src/ghl/errorTable.ts). Whatever else comes back says nothing about the token: nobody has to
 * install the app again because a firewall or a wrong GHL_CLIENT_SECRET stood in between.
 */
const REFUSALS: Record<RenewWay, ReadonlySet<string>> = {
  own: new Set(['token_spent']),
  company: new Set(['grant_refused', 'ghl_forbidden', 'ghl_wrong_token_kind', 'ghl_rejected']),
};

/** Returns what a refusal by GHL says about the token; null: nothing, so the same is asked again later. */
export function refusalOf(way: RenewWay, code: string): 'refused' | 'not_active' | null {
  if (code === 'location_not_active') return 'not_active';
  return REFUSALS[way].has(code) ? 'refused' : null;
}

/** A location or company whose token GHL refuses is held in this state. */
export type TokenHold = 'suspended' | 'reauth_required';
