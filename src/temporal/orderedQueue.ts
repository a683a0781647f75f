/** What may be queued behind an answer: small references, so a long outage of Temporal costs little memory. */
const LIMIT = 20_000;
const AT_ONCE = 16;
const PAUSE_MS = 1_000;

export interface OrderedQueue {
  /** Queues work in order. False: the queue is full, the sweeper will do it. */
  push(work: () => Promise<void>): boolean;
  /** False while the last work failed and the queue pauses before it tries again. */
  healthy(): boolean;
  /** Waits until everything queued has been tried, at most `ms`. */
  drain(ms: number): Promise<void>;
}

/**
 * Returns a queue that begins its work in order, some at once. Work that throws goes back to the front and everything
 * pauses for a second: while Temporal is down one try a second is enough.
 */
export function createOrderedQueue(): OrderedQueue {
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;
  let pausedUntil = 0;
  let wakeTimer: NodeJS.Timeout | undefined;
  let idle: (() => void)[] = [];

  const pump = (): void => {
    const paused = pausedUntil > Date.now();
    if (paused) wakeTimer ??= setTimeout(resume, PAUSE_MS).unref();
    const limit = pausedUntil === 0 ? AT_ONCE : 1;
    while (!paused && running < limit) {
      const next = waiting.shift();
      if (next === undefined) break;
      void run(next);
    }
    if (running === 0 && (waiting.length === 0 || paused)) settle();
  };
  const resume = (): void => {
    wakeTimer = undefined;
    pump();
  };
  const settle = (): void => {
    for (const done of idle) done();
    idle = [];
  };
  const run = async (work: () => Promise<void>): Promise<void> => {
    running += 1;
    try {
      await work();
      pausedUntil = 0;
    } catch {
      waiting.unshift(work);
      pausedUntil = Date.now() + PAUSE_MS;
    }
    running -= 1;
    pump();
  };
  return {
    push: (work) => {
      if (waiting.length >= LIMIT) return false;
      waiting.push(work);
      pump();
      return true;
    },
    healthy: () => pausedUntil === 0,
    drain: async (ms) => {
      if (running === 0 && (waiting.length === 0 || pausedUntil > Date.now())) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        idle.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}
