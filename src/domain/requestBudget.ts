/**
 * How many requests GHL takes for one location (its "resource"), shared by all processes: 100 in any 10 seconds and
 * 200,000 a day (GHL docs, rate limits). Pure; src/store/ghlBudget.ts keeps the state, src/ghl/budget.ts spends.
 *
 * Requests are leased in small blocks, and a lease is charged to the second in which it ends. So whatever is made within
 * a lease is made no later than it is charged, and what counts for the last 10 seconds is the charges of these seconds
 * alone: no window has a border at which two bursts may meet.
 */

/** high: statuses, posts, replies. low: what can wait (notes, look-backs); it leaves a fifth to the others. */
export type Priority = 'high' | 'low';

export const WINDOW_MS = 10_000;
export const WINDOW_LIMIT = 100;
export const DAILY_LIMIT = 200_000;

/** Two requests may reach GHL closer together than they left us, by this much. */
const ARRIVAL_MS = 1_000;
/** How long a lease may be drawn on. Short, so that a 429 that another process met soon binds all. */
const LEASE_MS = 2_000;
const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const SHARE: Record<Priority, number> = { high: 1, low: 0.8 };

/** What is kept of one location's requests. Times are epoch milliseconds by the database's clock. */
export interface BudgetState {
  /** Requests by the second (since the epoch) that they are charged to. */
  charges: Record<string, number>;
  /** Day since the epoch, UTC, that `dayUsed` belongs to. */
  day: number;
  dayUsed: number;
  /** GHL refused (429): nobody asks before this moment. */
  closedUntil: number;
}

/** A lease as it ended: what was not used of it is given back. */
export interface Spent {
  granted: number;
  used: number;
  until: number;
  /** When the last of them was drawn; any time where none was. */
  lastUsedAt: number;
}

export interface LeaseWish {
  priority: Priority;
  /** How many are asked for; fewer may be granted. */
  want: number;
  /** The asker's last lease. */
  spent: Spent | null;
}

export interface Lease {
  kind: 'granted';
  granted: number;
  until: number;
  now: number;
  /** What is left after it for a request of high priority, in this window and this day. */
  room: number;
  dayRoom: number;
}

export type LeaseAnswer = Lease | { kind: 'wait'; waitMs: number };

/** What GHL's headers said is left; undefined: it did not say. */
export interface Quota {
  remaining?: number;
  dailyRemaining?: number;
}

/** Returns the state of a location that has made no request yet. */
export function unusedBudget(): BudgetState {
  return { charges: {}, day: 0, dayUsed: 0, closedUntil: 0 };
}

/** Returns a lease, and the state that has it charged; or how long to wait, in milliseconds, until there is room. */
export function lease(
  before: BudgetState,
  now: number,
  { priority, want, spent }: LeaseWish,
): { state: BudgetState; answer: LeaseAnswer } {
  const state = current(spent === null ? before : settled(before, spent), now);
  const wait = (waitMs: number) => ({ state, answer: { kind: 'wait' as const, waitMs } });
  if (state.closedUntil > now) return wait(state.closedUntil - now);
  const limit = WINDOW_LIMIT * SHARE[priority];
  const room = limit - charged(state);
  const dayRoom = DAILY_LIMIT * SHARE[priority] - state.dayUsed;
  if (dayRoom < 1) return wait((state.day + 1) * DAY_MS - now);
  if (room < 1) return wait(freeAt(state, limit - 1) - now);
  const granted = Math.min(want, room, dayRoom);
  const until = now + LEASE_MS;
  const after = { ...withCharge(state, until, granted), dayUsed: state.dayUsed + granted };
  const left = { room: WINDOW_LIMIT - charged(after), dayRoom: DAILY_LIMIT - after.dayUsed };
  return { state: after, answer: { kind: 'granted', granted, until, now, ...left } };
}

/** Returns the state after a 429: closed to everybody for so many milliseconds. */
export function closed(state: BudgetState, now: number, forMs: number): BudgetState {
  return { ...state, closedUntil: Math.max(state.closedUntil, now + forMs) };
}

/** Returns the state with no more left than GHL says (nothing today: closed until tomorrow); null when that is no news. */
export function lowered(before: BudgetState, now: number, quota: Quota): BudgetState | null {
  const state = current(before, now);
  const tomorrow = (state.day + 1) * DAY_MS;
  if (quota.dailyRemaining === 0) return state.closedUntil >= tomorrow ? null : { ...state, closedUntil: tomorrow };
  const unseen = WINDOW_LIMIT - (quota.remaining ?? WINDOW_LIMIT) - charged(state);
  const dayUsed = DAILY_LIMIT - (quota.dailyRemaining ?? DAILY_LIMIT);
  if (unseen <= 0 && dayUsed <= state.dayUsed) return null;
  const after = unseen > 0 ? withCharge(state, now, unseen) : state;
  return { ...after, dayUsed: Math.max(dayUsed, state.dayUsed) };
}

/** A lease that is over counts for what was drawn, at the moment of the last draw. */
function settled(state: BudgetState, { granted, used, until, lastUsedAt }: Spent): BudgetState {
  const without = withCharge(state, until, -granted);
  const sameDay = Math.floor(until / DAY_MS) === state.day;
  const dayUsed = sameDay ? Math.max(0, state.dayUsed - (granted - used)) : state.dayUsed;
  return { ...(used === 0 ? without : withCharge(without, Math.min(lastUsedAt, until), used)), dayUsed };
}

function withCharge(state: BudgetState, at: number, count: number): BudgetState {
  const second = Math.floor(at / SECOND_MS);
  const charge = Math.max(0, (state.charges[second] ?? 0) + count);
  return { ...state, charges: { ...state.charges, [second]: charge } };
}

/** Without what no window counts any more, and on the day that it is. */
function current(state: BudgetState, now: number): BudgetState {
  const charges = Object.entries(state.charges).filter(([second, n]) => n > 0 && endOf(second) > now);
  const day = Math.floor(now / DAY_MS);
  return { ...state, charges: Object.fromEntries(charges), day, dayUsed: state.day === day ? state.dayUsed : 0 };
}

function charged(state: BudgetState): number {
  return Object.values(state.charges).reduce((sum, n) => sum + n, 0);
}

/** When a second's charges stop counting. */
function endOf(second: string): number {
  return (Number(second) + 1) * SECOND_MS + WINDOW_MS + ARRIVAL_MS;
}

/** When no more than `most` are charged, if nothing is charged meanwhile. */
function freeAt(state: BudgetState, most: number): number {
  const oldestFirst = Object.entries(state.charges).sort(([a], [b]) => Number(a) - Number(b));
  let left = charged(state);
  for (const [second, n] of oldestFirst) {
    left -= n;
    if (left <= most) return endOf(second);
  }
  return 0;
}
