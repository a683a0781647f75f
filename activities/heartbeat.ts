import { Context } from '@temporalio/activity';

/** A send is usually over before this; then no heartbeat is spent on it. */
const FIRST_MS = 5_000;

/**
 * Beats while `work` runs, from its fifth second on: a worker that dies is noticed within the heartbeat timeout and not
 * only at the end of the start-to-close time.
 */
export async function withHeartbeat<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), FIRST_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
