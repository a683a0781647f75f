import type { LaneRules } from '../laneRules';
import { windowsOf } from './caps';
import { RAMP_MS } from './gap';
import { quietFrom, quietUntil } from './quiet';

/** One cap as a plan needs it: of a series, at most `share` in any `windowMs`. */
export interface Share {
  share: number;
  windowMs: number;
  /** From when to when it is in force, epoch milliseconds; always where absent. */
  from?: number;
  until?: number;
}

export interface Series {
  /** What was written, oldest first, epoch milliseconds; as much of it as the caps look back on. */
  written: readonly number[];
  shares: readonly Share[];
  /** When the next one may go. */
  from: number;
  /** How far apart two are planned. */
  stepMs: number;
  rules: Pick<LaneRules, 'quietHours' | 'timeZone'>;
  /** When the number came back from an outage; null: it never did. */
  returnedAt: number | null;
}

/**
 * Returns what holds the bulk of a number that was first connected at `firstConnectedAt` (null: not yet): of all, or
 * (`opens`) of what opens conversations.
 */
export function bulkShares(rules: LaneRules, firstConnectedAt: number | null, now: number, opens: boolean): Share[] {
  return windowsOf(rules, firstConnectedAt, now)
    .filter((window) => window.holds === 'bulk' && window.opens === opens)
    .map(({ cap: share, windowMs, from, until }) => ({ share, windowMs, from, until }));
}

/**
 * Returns when the one behind `ahead` others of a series will probably go, epoch milliseconds: all are laid out one
 * after the other over the rolling windows. Thousands are a loop of additions; the clock on the wall is asked only where
 * the next quiet hours begin.
 */
export function planAhead(series: Series, ahead: number): number {
  const { rules, stepMs } = series;
  const times = [...series.written];
  const rampEnds = (series.returnedAt ?? -Infinity) + RAMP_MS;
  let [at, quietAt] = [series.from, -Infinity];
  for (let n = 0; n <= ahead; n++) {
    if (n > 0) at += at < rampEnds ? stepMs * 2 : stepMs;
    for (const share of series.shares) at = freeOf(share, times, at);
    if (at >= quietAt) {
      at = quietUntil(at, rules.quietHours, rules.timeZone);
      quietAt = quietFrom(at, rules.quietHours, rules.timeZone);
    }
    times.push(at);
  }
  return Math.round(at);
}

function freeOf({ share, windowMs, from = -Infinity, until = Infinity }: Share, times: number[], at: number): number {
  if (at < from || at >= until) return at;
  return Math.max(at, Math.min((times.at(-share) ?? -Infinity) + windowMs, until));
}
