/**
 * The pure rules of a lane: who may send next on a number, and what everybody else does meanwhile. A lane is a
 * connection's queue of parts; the store holds it, these functions decide. Times are epoch milliseconds by the
 * database's clock. The order is decided at the claim; a planned wake-up is never a right to send.
 */

export interface Gap {
  minMs: number;
  maxMs: number;
}

/** One waiting or unfinished message of a lane, as far as the order is concerned. */
export interface LaneRow {
  messageId: string;
  /** Order of acceptance in the lane; a contact's messages go strictly by it. */
  seq: number;
  /** Smaller goes first among different contacts. */
  rank: number;
  /** Whom it goes to: messages to one party never overtake each other. */
  party: string;
  /** Unfinished: still holds its party's later ones. */
  open: boolean;
  /** Unfinished and with a part that nobody has claimed. */
  claimable: boolean;
  /** Back-off: it may not go before. */
  notBefore: number;
}

/**
 * Returns the head: the first row by (rank, seq) that may be claimed now, is out of its back-off and has no earlier
 * unfinished message to its party. Null when nobody may go.
 */
export function headOf(rows: readonly LaneRow[], now: number): LaneRow | null {
  const may = rows.filter((row) => row.open && row.claimable && row.notBefore <= now && !isBehindItsParty(row, rows));
  may.sort((a, b) => a.rank - b.rank || a.seq - b.seq);
  return may[0] ?? null;
}

function isBehindItsParty(row: LaneRow, rows: readonly LaneRow[]): boolean {
  return rows.some((other) => other.open && other.party === row.party && other.seq < row.seq);
}

export interface LaneView {
  now: number;
  self: { messageId: string; notBefore: number };
  /** Nothing may be written on this lane before (last write + its gap). */
  freeAt: number;
  /** Until when another part's claim may still be writing; null or past: nobody is. */
  leaseUntil: number | null;
  head: { messageId: string; nextWakeAt: number | null } | null;
  /** Unfinished messages accepted before this one. */
  ahead: number;
  /** When the first unfinished one to the same party acts next; null: none is before this one. Its end wakes this. */
  partyActsAt: number | null;
  gap: Gap;
}

export type LaneDecision =
  | { kind: 'grant' }
  /** It is this one's turn very soon: look again within `ms` without going back to sleep. */
  | { kind: 'sit'; ms: number; reason: 'gap' | 'in_flight' }
  | { kind: 'wait'; ms: number; reason: 'gap' | 'behind' | 'retrying' | 'in_flight'; wakeHead: string | null };

/** The head sits out waits up to this long inside its activity; longer ones are slept outside. */
export const SIT_MS = 15_000;
/** A planned wake-up this much later than the message may go is late: the head is asleep and is woken. */
const SLACK_MS = 1_000;
/** Nobody asks again sooner. */
const LEAST_NAP_MS = 1_000;
/** Long enough that hardly anybody wakes by itself, and short where a wake was lost for good. */
const UNPACED_NAP_MS = 30_000;
/** A head this long past its own wake-up does not come by itself (its run was terminated or lost). */
const OVERDUE_MS = 10_000;

/** Returns what the asking message does now. Never grants while a lease lives, the gap runs or another is the head. */
export function decideClaim(view: LaneView): LaneDecision {
  const { now, self, head } = view;
  if (self.notBefore > now) return { kind: 'wait', ms: self.notBefore - now, reason: 'retrying', wakeHead: null };
  const leasedMs = (view.leaseUntil ?? 0) - now;
  if (head?.messageId !== self.messageId) {
    const ms = Math.max(forecast(view) - now, (view.partyActsAt ?? 0) - now, leastNap(view));
    return { kind: 'wait', ms, reason: 'behind', wakeHead: headAsleep(view) ? (head?.messageId ?? null) : null };
  }
  if (leasedMs > 0) return { kind: 'sit', ms: leasedMs, reason: 'in_flight' };
  const toGap = view.freeAt - now;
  if (toGap <= 0) return { kind: 'grant' };
  if (toGap <= SIT_MS) return { kind: 'sit', ms: toGap, reason: 'gap' };
  return { kind: 'wait', ms: toGap, reason: 'gap', wakeHead: null };
}

/**
 * Where nothing is paced there is no turn to plan: whoever stands behind its own party's earlier one is woken by the end
 * of that. Otherwise a burst would ask for its turn every second, and what is asked in vain takes the place of what goes.
 */
function leastNap({ partyActsAt, gap }: LaneView): number {
  return partyActsAt !== null && gap.maxMs === 0 ? UNPACED_NAP_MS : LEAST_NAP_MS;
}

function headAsleep({ now, head, freeAt, leaseUntil }: LaneView): boolean {
  if (head === null) return false;
  return isAsleep(head.nextWakeAt, Math.max(now, freeAt, leaseUntil ?? 0), now);
}

/**
 * Returns whether a head that may go at `mayGoAt` has to be woken: its planned wake-up is later than that, or long
 * past (it should have come and has not).
 */
export function isAsleep(nextWakeAt: number | null, mayGoAt: number, now: number): boolean {
  if (nextWakeAt === null) return true;
  return nextWakeAt > mayGoAt + SLACK_MS || nextWakeAt < now - OVERDUE_MS;
}

/**
 * Returns when a message with `ahead` others before it will probably go. A little late on purpose: a finished send
 * wakes a head that sleeps too long, while one that wakes too early claims in vain.
 */
export function forecast(view: { now: number; freeAt: number; ahead: number; gap: Gap }): number {
  return Math.round(Math.max(view.now, view.freeAt) + view.ahead * forecastStep(view.gap));
}

/** A send takes its time even where no gap does; without this everybody in an unpaced lane would wake at once. */
const LEAST_STEP_MS = 500;

/** Returns how far apart two messages of a lane are planned, in milliseconds. */
export function forecastStep(gap: Gap): number {
  return Math.max(meanGap(gap) * 1.1, LEAST_STEP_MS);
}

/** Returns the mean of a gap in milliseconds. */
export function meanGap(gap: Gap): number {
  return (gap.minMs + gap.maxMs) / 2;
}

/** Returns a jittered gap in milliseconds; `random` is in [0, 1). */
export function drawGap(gap: Gap, random: number): number {
  return Math.round(gap.minMs + random * (gap.maxMs - gap.minMs));
}

/** A claim is written at most this long after it was granted, otherwise it is given back as not sent. */
export const CLAIM_MAX_AGE_MS = 5_000;

/** Returns how long a claim's lease lives: the gateway call at its longest, and time to write the outcome down. */
export function leaseMs(gatewayTimeoutMs: number): number {
  return gatewayTimeoutMs + 12_000;
}

const BACKOFF_MS = [5_000, 10_000, 20_000, 40_000];

/** Returns the back-off in milliseconds after `tries` answered, retryable attempts (1 = the first). */
export function backoff(tries: number): number {
  return BACKOFF_MS[tries - 1] ?? 60_000;
}

export interface RetryClock {
  /** Milliseconds of RETRY_DEADLINE_MS used up so far. */
  spentMs: number;
  /** The last retryable answer, or null when the clock stands (the number was held since). */
  lastAt: number | null;
}

/** Returns the clock after a retryable answer at `now`: only time between two such answers counts. */
export function tickRetryClock(clock: RetryClock, now: number): RetryClock {
  const since = clock.lastAt === null ? 0 : Math.max(0, now - clock.lastAt);
  return { spentMs: clock.spentMs + since, lastAt: now };
}
