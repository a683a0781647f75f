import { setTimeout as sleep } from 'node:timers/promises';

/** Asks `probe` again and again until it gives something, and returns that; `what` says what is awaited. */
export type Until = <T>(what: string, probe: () => T | Promise<T>) => Promise<Exclude<T, Falsy>>;
type Falsy = undefined | null | false | '' | 0;

const LOOK_MS = 50;

/**
 * Returns what `work` returns. Once `deadlineMs` are over it rejects and says what was awaited last; it rejects with the
 * reason of `interrupted` when that is aborted. What a probe of `until` throws ends the work too.
 */
export async function withinDeadline<T>(
  deadlineMs: number,
  interrupted: AbortSignal,
  work: (until: Until) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const signal = AbortSignal.any([late.signal, interrupted]);
  let awaited = 'an answer';
  const until: Until = async (what, probe) => {
    awaited = what;
    return await untilTruthy(probe, signal);
  };
  const timer = setTimeout(() => late.abort(new Error(`waited ${deadlineMs / 1000} s for ${awaited}`)), deadlineMs);
  try {
    return await unlessAborted(work(until), signal);
  } finally {
    clearTimeout(timer);
  }
}

async function untilTruthy<T>(probe: () => T | Promise<T>, signal: AbortSignal): Promise<Exclude<T, Falsy>> {
  for (;;) {
    signal.throwIfAborted();
    const found = await probe();
    if (found) return found as Exclude<T, Falsy>;
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
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
