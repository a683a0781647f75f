import { setTimeout as sleep } from 'node:timers/promises';

/** Asks `probe` again and again until it gives something, and returns that; `what` says what is awaited. */
export type Until = <T>(what: string, probe: () => T | Promise<T>) => Promise<Exclude<T, Falsy>>;
type Falsy = undefined | null | false | '' | 0;

export interface Waiting {
  until: Until;
  /** What was awaited last, in words; empty before the first wait. */
  awaited(): string;
}

const LOOK_MS = 50;

/** Returns waits that end, by throwing its reason, when `signal` is aborted. What a probe throws ends its wait too. */
export function createWaiting(signal: AbortSignal): Waiting {
  let awaited = '';
  const until: Until = async <T>(what: string, probe: () => T | Promise<T>) => {
    awaited = what;
    for (;;) {
      signal.throwIfAborted();
      const found = await probe();
      if (found) return found as Exclude<T, Falsy>;
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  return { until, awaited: () => awaited };
}

/** Returns what `work` returns; rejects at once with the signal's reason when that is aborted first. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) work.catch(() => undefined);
  signal.throwIfAborted();
  let stopListening = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    const refuse = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', refuse, { once: true });
    stopListening = () => signal.removeEventListener('abort', refuse);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stopListening();
  }
}

/** Resolves when the signal is aborted. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
