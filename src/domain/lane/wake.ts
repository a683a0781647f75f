/** A planned wake-up this much later than the message may go is late: the head is asleep and is woken. */
const SLACK_MS = 1_000;
/** A head this long past its own wake-up does not come by itself (its run was terminated or lost). */
const OVERDUE_MS = 10_000;

/**
 * Returns whether a head that may go at `mayGoAt` has to be woken: its planned wake-up is later than that, or long past
 * (it should have come and has not). One that may not go yet is woken too: it learns the moment and sleeps until then.
 */
export function isAsleep(nextWakeAt: number | null, mayGoAt: number, now: number): boolean {
  if (nextWakeAt === null) return true;
  return nextWakeAt > mayGoAt + SLACK_MS || nextWakeAt < now - OVERDUE_MS;
}
