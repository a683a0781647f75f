import { DomainError } from '../../domain/errors';
import type { Step } from '../step';

const WINDOW_MS = 60_000;

/**
 * Lets through at most `perMinute` requests a minute in this process, from all callers together: guessing has to be
 * slow, and behind a proxy callers can not be told apart. Else 429 with the time until the next minute begins.
 */
export function attemptCap(perMinute: number): Step {
  let beganAt = -Infinity;
  let attempts = 0;
  return async (_ctx, next) => {
    const now = performance.now();
    if (now - beganAt >= WINDOW_MS) [beganAt, attempts] = [now, 0];
    attempts += 1;
    if (attempts > perMinute) {
      const retryAfterMs = Math.ceil(beganAt + WINDOW_MS - now);
      const message = 'Too many pages are signing in at this moment. Try again in a minute.';
      throw new DomainError('too_many_attempts', 'later', message, { status: 429, retryAfterMs, benign: true });
    }
    await next();
  };
}
