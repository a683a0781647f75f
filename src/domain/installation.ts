/**
 * The state of an installation, derived from the newest of each thing that was heard of it. What is kept only ever
 * grows, so webhooks may come late, twice and in any order, before or behind the browser, and the end is the same.
 */

/** `pending`: GHL says that it is installed, and no token is here yet. */
export const INSTALLATION_STATES = ['pending', 'installed', 'suspended', 'reauth_required', 'uninstalled'] as const;
export type InstallationState = (typeof INSTALLATION_STATES)[number];

/** When each was newest, epoch milliseconds; null: never heard. */
export interface Heard {
  /** GHL's own time of an INSTALL, or when a list of GHL's showed it as installed. */
  installAt: number | null;
  /** GHL's own time of an UNINSTALL. */
  uninstallAt: number | null;
  /** When an exchange that gave us tokens was begun. */
  grantedAt: number | null;
}

const NEVER = Number.NEGATIVE_INFINITY;

/** Returns the later of two moments; null counts as never. */
export function later(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}

/** Returns what was heard by either: the order in which it was heard does not matter. */
export function mergeHeard(one: Heard, other: Partial<Heard>): Heard {
  return {
    installAt: later(one.installAt, other.installAt ?? null),
    uninstallAt: later(one.uninstallAt, other.uninstallAt ?? null),
    grantedAt: later(one.grantedAt, other.grantedAt ?? null),
  };
}

/**
 * Returns where an installation stands by what was heard. Tokens from before an UNINSTALL are dead, also when a newer
 * INSTALL was heard first. An INSTALL of the same millisecond as an UNINSTALL is taken for a reinstall.
 */
export function standingBy({ installAt, uninstallAt, grantedAt }: Heard): 'pending' | 'installed' | 'uninstalled' {
  const uninstalled = uninstallAt ?? NEVER;
  if (grantedAt !== null && grantedAt > uninstalled) return 'installed';
  if (installAt !== null && installAt >= uninstalled) return 'pending';
  return 'uninstalled';
}

/**
 * Returns the state after something was heard: a suspension or a lost access lasts until a newer grant, so it stays
 * where the derived state is still `installed`.
 */
export function nextState(before: InstallationState | null, heard: Heard, granted: boolean): InstallationState {
  const standing = standingBy(heard);
  const overlaid = before === 'suspended' || before === 'reauth_required';
  return standing === 'installed' && overlaid && !granted ? before : standing;
}

/**
 * Returns when a grant counts as begun: never before an UNINSTALL that was applied before the exchange began, by our own
 * clock, for GHL's clock and ours may differ.
 */
export function grantTime(begunAt: number, heard: Heard): number {
  return Math.max(begunAt, (heard.uninstallAt ?? NEVER) + 1);
}

const FIRST_RETRY_MS = 10_000;
/** A suspended location is tried daily (GHL answers "Location is not active"); so is whatever else lasts. */
export const DAILY_MS = 86_400_000;

/** Returns how long to wait after the n-th fruitless try, n from 1: ten seconds, six times as long each time, a day. */
export function installRetryMs(tries: number): number {
  return Math.min(FIRST_RETRY_MS * 6 ** (tries - 1), DAILY_MS);
}

/** Locations of a company that one page of GHL's list shows (100 is the most that GHL documents, OAuth v3). */
export const PAGE_LIMIT = 100;

/** Returns where the next page of a company's locations begins; null: this was the last one. */
export function nextPage(skip: number, got: number, count: number | null): number | null {
  const next = skip + got;
  if (got === 0) return null;
  return count === null ? (got < PAGE_LIMIT ? null : next) : next < count ? next : null;
}
