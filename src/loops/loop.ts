import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../observability/logger';

export interface Loop {
  /** Stops after the round in hand. */
  stop(): Promise<void>;
}

/** Runs `round` again and again, `everyMs` after the end of the last one. An error is logged and the loop goes on. */
export function startLoop(name: string, everyMs: number, logger: Logger, round: () => Promise<void>): Loop {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await round();
      } catch (error) {
        logger.error({ err: error, loop: name }, 'A round of a loop failed; the loop goes on');
      }
      await pause(everyMs, stopping.signal);
    }
  };
  const ended = run();
  return {
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

/** Waits, or not at all once it is aborted. */
async function pause(ms: number, stopped: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: stopped }).catch(() => undefined);
}
