/**
 * How the sends of one worker are shared out among gateway hosts. A host that hangs keeps what it has in hand for as
 * long as a call may take, and would soon have everything; so what a host may have shrinks with what is left free.
 */

/** A host may have this many times what is free: one alone three quarters of all, two that hang three sevenths each. */
const TIMES_FREE = 3;

/** Returns how many sends one gateway host may have in hand while `free` slots of the worker are free. */
export function hostShare(free: number): number {
  return TIMES_FREE * free;
}

/** Whoever finds its host full is asked again after this long, at the earliest. */
const LEAST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;
/** Fifty ask again in a second: more would keep a worker from its sends. */
const TURN_MS = 20;

/** Hands out, one after the other, the moments at which those that were turned away ask again. */
export interface ReturnTimes {
  /** Returns in how many milliseconds the next one comes back. */
  next(): number;
}

/** Returns the moments of return of one worker; `clock` is monotonic, in milliseconds. */
export function createReturnTimes(clock: () => number): ReturnTimes {
  let last = -Infinity;
  return {
    next: () => {
      const now = clock();
      last = Math.min(Math.max(last + TURN_MS, now + LEAST_WAIT_MS), now + LONGEST_WAIT_MS);
      return Math.round(last - now);
    },
  };
}
