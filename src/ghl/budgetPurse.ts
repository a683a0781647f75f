import { DomainError } from '../domain/errors';
import { WINDOW_LIMIT, WINDOW_MS, type Lease, type LeaseAnswer, type Quota, type Spent } from '../domain/requestBudget';

/** Requests of one location and priority that this process may make: drawn from a lease, and leased anew. */
export interface Purse {
  /** Takes one request. Throws `ghl_budget` when there is none. */
  take(): Promise<void>;
  /** Nothing more for so many milliseconds. */
  close(forMs: number): void;
  /** Returns whether what GHL says is left is no less than this process knows of. */
  knows(quota: Quota): boolean;
}

interface Held extends Lease {
  /** The asker's own clock, read before the store's: times of draws come out too late, never too early. */
  askedAt: number;
  used: number;
  lastUsedAt: number;
}

/** How many are leased at once: a busy location costs the store one change for so many requests. */
const BLOCK = 5;
/** Those who are refused at the same time come back one by one, as fast as GHL takes them. */
const TURN_MS = Math.ceil(WINDOW_MS / WINDOW_LIMIT);
const LONGEST_QUEUE_MS = 60_000;

/**
 * Returns a purse. `lease` asks the shared account for more and hands in the last lease; callers that find the purse
 * empty at the same time share one question. `clock` is monotonic, in milliseconds.
 */
export function createPurse(
  lease: (spent: Spent | null, want: number) => Promise<LeaseAnswer>,
  clock: () => number,
): Purse {
  let held: Held | null = null;
  let closedUntil = 0;
  let nextTurn = 0;
  let asking: Promise<void> | null = null;

  const draw = (): boolean => {
    if (held === null || held.used >= held.granted) return false;
    const at = held.now + (clock() - held.askedAt);
    if (at >= held.until) return false;
    held.used += 1;
    held.lastUsedAt = at;
    return true;
  };

  const ask = async (): Promise<void> => {
    const askedAt = clock();
    const answer = await lease(held, BLOCK);
    if (answer.kind === 'wait') closedUntil = Math.max(closedUntil, clock() + answer.waitMs);
    else held = { ...answer, askedAt, used: 0, lastUsedAt: answer.now };
  };

  /** Milliseconds until it is this caller's turn, who stands behind all that were refused before. */
  const queue = (): number => {
    const turn = Math.max(closedUntil, Math.min(nextTurn, closedUntil + LONGEST_QUEUE_MS));
    nextTurn = turn + TURN_MS;
    return Math.ceil(turn - clock());
  };

  return {
    async take() {
      while (closedUntil <= clock()) {
        if (draw()) return;
        asking ??= ask().finally(() => (asking = null));
        await asking;
      }
      throw overBudget(queue());
    },
    close(forMs) {
      closedUntil = Math.max(closedUntil, clock() + forMs);
    },
    knows({ remaining, dailyRemaining }) {
      if (held === null) return true;
      return (remaining ?? held.room) >= held.room && (dailyRemaining ?? held.dayRoom) >= held.dayRoom;
    },
  };
}

function overBudget(waitMs: number): DomainError {
  const words = 'The requests that GHL takes for this location are used up just now.';
  return new DomainError('ghl_budget', 'later', words, { retryAfterMs: Math.max(1, waitMs), benign: true });
}
