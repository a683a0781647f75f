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
