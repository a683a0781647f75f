import type { Logger } from '../observability/logger';

export interface Loop {
  /** Stops after the round in hand. */
  stop(): Promise<void>;
}

/** Runs `round` again and again, `everyMs` after the end of the last one. An error is logged and the loop goes on. */
export function startLoop(name: string, everyMs: number, logger: Logger, round: () => Promise<void>): Loop {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let release: () => void = () => undefined;
  const run = async (): Promise<void> => {
    while (!stopped) {
      try {
        await round();
      } catch (error) {
        logger.error({ err: error, loop: name }, 'A round of a loop failed; the loop goes on');
      }
      if (stopped) return;
      await new Promise<void>((resolve) => {
        release = resolve;
        timer = setTimeout(resolve, everyMs);
      });
    }
  };
  const ended = run();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      release();
      await ended;
    },
  };
}
