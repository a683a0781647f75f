import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Begins `count` works at a fixed rate whatever becomes of those before (an open model), and resolves when all have
 * ended. `work` gets its number and when it was due, by `Date.now()`: its time counts from then.
 */
export async function openLoop(
  count: number,
  everyMs: number,
  work: (n: number, dueAt: number) => Promise<void>,
): Promise<void> {
  const startAt = Date.now();
  const begun: Promise<void>[] = [];
  for (let n = 0; n < count; n++) {
    const dueAt = startAt + n * everyMs;
    const ms = Math.ceil(dueAt - Date.now());
    if (ms > 0) await sleep(ms);
    begun.push(work(n, dueAt));
  }
  await Promise.all(begun);
}
