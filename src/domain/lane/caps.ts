import { treatedAs, type LaneRules, type MessageClass } from '../laneRules';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Why a message waits although its number could write. Codes of src/domain/reasons.ts. */
export type LimitReason = 'hourly_cap' | 'daily_cap' | 'new_chats_cap' | 'warming_up' | 'quiet_hours';

/**
 * One limit of a number: of the writes that it counts, less than `cap` in any `windowMs`. The lane asks its ledger for
 * the `cap`-th latest of these writes: once that is `windowMs` old, the next may follow.
 */
export interface CapWindow {
  reason: LimitReason;
  windowMs: number;
  cap: number;
  /** Which writes count: all or those of bulk; `opens`: only those that opened a conversation. */
  counts: 'all' | 'bulk';
  opens: boolean;
  /** Whom it holds: everybody or bulk; `opens` again: only those that open a conversation. */
  holds: 'all' | 'bulk';
  /** From when to when it is in force, epoch milliseconds. */
  from: number;
  until: number;
}

/** Returns how much of a cap is kept for replies: a fifth, rounded up. */
export function reserveOf(cap: number): number {
  return Math.ceil(cap / 5);
}

/** Returns how many of a cap bulk may use: what the replies leave, and never nothing, or a message would never go. */
export function bulkShare(cap: number): number {
  return Math.max(cap - reserveOf(cap), 1);
}

/** Returns all limits of a number that was first connected at `firstConnectedAt` (null: not yet), from `now` on. */
export function windowsOf(rules: LaneRules, firstConnectedAt: number | null, now: number): CapWindow[] {
  return [
    ...shared('hourly_cap', HOUR_MS, rules.capHourly, false),
    ...shared('daily_cap', DAY_MS, rules.capDaily, false),
    ...shared('new_chats_cap', HOUR_MS, rules.capNewHourly, true),
    ...warmup(rules.warmupDaily, firstConnectedAt ?? now, now),
  ];
}

/** A cap holds everybody at its full height, and bulk at its share. */
function shared(reason: LimitReason, windowMs: number, cap: number, opens: boolean): CapWindow[] {
  if (cap === 0) return [];
  const always = { reason, windowMs, opens, from: -Infinity, until: Infinity };
  return [
    { ...always, cap, counts: 'all', holds: 'all' },
    { ...always, cap: bulkShare(cap), counts: 'bulk', holds: 'bulk' },
  ];
}

/** Returns the cap of the day of a new number in which `at` lies, and when that day ends; without one it is Infinity. */
export function warmupAt(
  { warmupDaily }: Pick<LaneRules, 'warmupDaily'>,
  firstConnectedAt: number | null,
  at: number,
): { cap: number; until: number } {
  const begin = firstConnectedAt ?? at;
  const day = Math.max(0, Math.floor((at - begin) / DAY_MS));
  return { cap: warmupDaily[day] ?? Infinity, until: begin + (day + 1) * DAY_MS };
}

/** The days of a number are whole 24 hours since it was first connected; only what is left of them is of interest. */
function warmup(caps: readonly number[], begin: number, now: number): CapWindow[] {
  const days = caps.map((cap, day): CapWindow => ({
    reason: 'warming_up',
    windowMs: DAY_MS,
    cap,
    counts: 'all',
    opens: false,
    holds: 'bulk',
    from: begin + day * DAY_MS,
    until: begin + (day + 1) * DAY_MS,
  }));
  return days.filter((day) => day.until > now);
}

/** What the limits ask of a message. */
export interface Limited {
  rank: number;
  /** It opens a conversation. */
  fresh: boolean;
}

/** Returns whether a limit holds such a message. */
export function isHeldBy({ holds, opens }: CapWindow, { rank, fresh }: Limited): boolean {
  const byClass: MessageClass = treatedAs({ rank });
  return (holds === 'all' || byClass === 'bulk') && (!opens || fresh);
}
