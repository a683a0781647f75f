import type { LaneRules, PaceKind } from '../laneRules';
import { bulkShare, DAY_MS, HOUR_MS, warmupAt } from './caps';
import { meanGap, RAMP_MS } from './gap';
import { quietUntil } from './quiet';

/** A window of a cap in a plan: since when it runs, and how many writes it has. */
export interface PlannedWindow {
  since: number;
  used: number;
}

/**
 * Where a plan of a lane's bulk stands: when the last planned one goes, and how far the windows of the caps are used up
 * by then. A saturated number repeats itself window by window, so that the begin of a window and a count say as much as
 * all its writes would; and a message more is one small step, however many wait.
 */
export interface Plan {
  at: number;
  hour: PlannedWindow;
  day: PlannedWindow;
  /** The same of those that open a conversation: when the last one goes, and the window of their cap. */
  opensAt: number;
  opens: PlannedWindow;
}

/** What a plan keeps to. */
export interface PlanRules {
  rules: LaneRules;
  /** Since when the number warms up; null: it was never connected. */
  firstConnectedAt: number | null;
  /** When it came back from an outage; null: it never did. */
  returnedAt: number | null;
}

/** Returns a plan in which nothing is planned and nothing used up. */
export function emptyPlan(): Plan {
  const unused = { since: 0, used: 0 };
  return { at: 0, hour: unused, day: unused, opensAt: 0, opens: unused };
}

/** A send takes its time even where no gap does; without this everybody in an unpaced lane would wake at once. */
const LEAST_STEP_MS = 500;
/** Later rather than earlier: a finished send wakes a head that sleeps too long; one that is too early claims in vain. */
const LATE = 1.1;

/** Returns how far apart two messages of a lane are planned, in milliseconds. */
export function stepOf(rules: LaneRules, kind: PaceKind): number {
  return Math.max(meanGap(rules.pace[kind]) * LATE, LEAST_STEP_MS);
}

/**
 * Returns the plan with one more bulk message behind the others; its `at` is when that probably goes. One that opens a
 * conversation may have to wait for that alone, and nobody waits behind it: then only the last of `opens` moves on.
 */
export function planNext(
  plan: Plan,
  of: { kind: PaceKind; fresh: boolean; now: number },
  planRules: PlanRules,
): { plan: Plan; at: number } {
  const { rules, firstConnectedAt } = planRules;
  const hour = { windowMs: HOUR_MS, cap: rules.capHourly };
  const day = { windowMs: DAY_MS, cap: rules.capDaily };
  const paced = Math.max(of.now, stepBehind(plan.at, of.kind, planRules));
  const capped = Math.max(paced, freeAt(plan.hour, hour), freeAt(plan.day, day));
  const at = outOfQuiet(warmAt(plan.day, rules, firstConnectedAt, capped), rules);
  const next = { ...plan, at, hour: use(plan.hour, hour, at), day: use(plan.day, day, at) };
  if (!of.fresh || rules.capNewHourly === 0) return { plan: next, at };
  const opens = { windowMs: HOUR_MS, cap: rules.capNewHourly };
  const behind = Math.max(at, stepBehind(plan.opensAt, of.kind, planRules), freeAt(plan.opens, opens));
  const opensAt = outOfQuiet(behind, rules);
  return { plan: { ...next, opensAt, opens: use(plan.opens, opens, opensAt) }, at: opensAt };
}

function stepBehind(at: number, kind: PaceKind, { rules, returnedAt }: PlanRules): number {
  const ramp = at < (returnedAt ?? -Infinity) + RAMP_MS ? 2 : 1;
  return at + stepOf(rules, kind) * ramp;
}

interface Limit {
  windowMs: number;
  cap: number;
}

function freeAt({ since, used }: PlannedWindow, { windowMs, cap }: Limit): number {
  return cap === 0 || used < bulkShare(cap) ? -Infinity : since + windowMs;
}

/** The days of a new number are planned as if all that was written on one were written when the window began. */
function warmAt(
  { since, used }: PlannedWindow,
  rules: LaneRules,
  firstConnectedAt: number | null,
  from: number,
): number {
  let at = from;
  while (at < since + DAY_MS) {
    const { cap, until } = warmupAt(rules, firstConnectedAt, at);
    if (used < cap) return at;
    at = Math.min(since + DAY_MS, until);
  }
  return at;
}

function use(window: PlannedWindow, { windowMs }: Limit, at: number): PlannedWindow {
  return at < window.since + windowMs ? { ...window, used: window.used + 1 } : { since: at, used: 1 };
}

function outOfQuiet(at: number, { quietHours, timeZone }: LaneRules): number {
  return Math.round(quietUntil(at, quietHours, timeZone));
}

/** Returns the plan with which a lane goes on that nothing waits in: what was planned for later and ended otherwise is off. */
export function planAfresh(plan: Plan, now: number): Plan {
  const past = (window: PlannedWindow): PlannedWindow => (window.since <= now ? window : { since: now, used: 0 });
  return {
    at: Math.min(plan.at, now),
    hour: past(plan.hour),
    day: past(plan.day),
    opensAt: Math.min(plan.opensAt, now),
    opens: past(plan.opens),
  };
}
