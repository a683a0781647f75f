import type { HeldState } from './connectionState';
import type { Gap } from './laneRules';

/**
 * When one message is tried on a number that the gateway refuses to send on. A gateway's probe tells whether the number
 * is logged in; of quota, billing and credentials it may know nothing, so there only a send finds out.
 */

const BY_TRIAL_ONLY: ReadonlySet<HeldState> = new Set<HeldState>(['quota', 'billing', 'reauth']);
/** So often in a row a number may answer that it is connected, and then not send, before the probe is not believed. */
const BELIEVED = 2;
const HOUR_MS = 3_600_000;
/** Numbers whose plans reset in the same moment are tried over this long. */
const SPREAD_MS = 60_000;

export interface Refused {
  state: HeldState;
  /** How many sends in a row the gateway has refused for the number's sake, this one included. */
  refusals: number;
  /** Epoch milliseconds. */
  now: number;
}

/**
 * Returns when one message may be tried (epoch ms), or null where the number's probe tells. The wait doubles from
 * `steps.minMs` to `steps.maxMs`. A quota is tried at the next full hour at the latest: plans reset at midnight, and
 * nobody knows in which time zone. `random` is in [0, 1).
 */
export function trialAt({ state, refusals, now }: Refused, steps: Gap, random: number): number | null {
  const nth = BY_TRIAL_ONLY.has(state) ? refusals : refusals - BELIEVED;
  if (nth <= 0) return null;
  const at = now + Math.min(steps.minMs * 2 ** (nth - 1), steps.maxMs);
  return state === 'quota' ? Math.min(at, nextHour(now) + Math.round(random * SPREAD_MS)) : at;
}

function nextHour(now: number): number {
  return (Math.floor(now / HOUR_MS) + 1) * HOUR_MS;
}
