import { setTimeout as sleep } from 'node:timers/promises';

/** What may be queued behind an answer, of each kind: small references, so a long outage of Temporal costs little memory. */
const LIMIT = 20_000;
/** Few: each start takes the process's time, and that belongs to whoever waits for an answer. */
const AT_ONCE = 4;
const PAUSE_MS = 1_000;

export interface OrderedQueue {
  /**
   * Queues work in order; what may come `later` begins only when nothing else waits, so that a campaign's starts hold up
   * nobody's reply. False: its queue is full or closed, the sweeper will do it.
   */
  push(work: () => Promise<void>, when?: 'now' | 'later'): boolean;
  /** False while the last work failed and the queue pauses before it tries again. */
  healthy(): boolean;
  /** Lets what is queued be tried once more, at most `ms`; then nothing begins any more. */
  close(ms: number): Promise<void>;
}

interface Entry {
  n: number;
  /** Where it goes back to. */
  queue: Entry[];
  work: () => Promise<void>;
}

/**
 * Returns a queue that begins its work in order, some at once. Work that throws goes back to its place and everything
 * pauses for a second: while Temporal is down one try a second is enough.
 */
export function createOrderedQueue(): OrderedQueue {
  const waiting = { now: [] as Entry[], later: [] as Entry[] };
  let pushed = 0;
  let running = 0;
  let pausedUntil = 0;
  let closed = false;
  let resumeTimer: NodeJS.Timeout | undefined;
  let idle: (() => void)[] = [];

  const isPaused = (): boolean => pausedUntil > Date.now();
  const isEmpty = (): boolean => waiting.now.length === 0 && waiting.later.length === 0;
  const pump = (): void => {
    if (isPaused()) resumeTimer ??= setTimeout(resume, PAUSE_MS).unref();
    const limit = pausedUntil === 0 ? AT_ONCE : 1;
    while (!closed && !isPaused() && running < limit) {
      const next = waiting.now.shift() ?? waiting.later.shift();
      if (next === undefined) break;
      void run(next);
    }
    if (running === 0 && (isEmpty() || isPaused())) settle();
  };
  const resume = (): void => {
    resumeTimer = undefined;
    pump();
  };
  const settle = (): void => {
    for (const done of idle) done();
    idle = [];
  };
  const run = async (entry: Entry): Promise<void> => {
    running += 1;
    try {
      await entry.work();
      pausedUntil = 0;
    } catch {
      entry.queue.push(entry);
      entry.queue.sort((a, b) => a.n - b.n);
      pausedUntil = Date.now() + PAUSE_MS;
    }
    running -= 1;
    pump();
  };
  const quiet = (): Promise<void> => new Promise((resolve) => idle.push(resolve));
  return {
    push: (work, when = 'now') => {
      const queue = waiting[when];
      if (closed || queue.length >= LIMIT) return false;
      queue.push({ n: pushed++, queue, work });
      pump();
      return true;
    },
    healthy: () => pausedUntil === 0,
    close: async (ms) => {
      const busy = running > 0 || (!isEmpty() && !isPaused());
      if (busy) await Promise.race([quiet(), sleep(ms, undefined, { ref: false })]);
      closed = true;
      clearTimeout(resumeTimer);
    },
  };
}
