import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import { WAKE_SIGNAL } from '../src/domain/workflowTypes';

export const wake = defineSignal(WAKE_SIGNAL);

/** Counts wakes, so that one which arrives while an activity runs is not slept through afterwards. */
export interface Doorbell {
  /** How often it has rung so far. */
  rung(): number;
  /** Rings it from inside the workflow. */
  ring(): void;
  /** Waits until it has rung more often than `since`, at most `ms` milliseconds (null: without end). */
  waitBeyond(since: number, ms: number | null): Promise<void>;
}

/** Hangs the doorbell: from here on the `wake` signal rings it. */
export function hangDoorbell(): Doorbell {
  let count = 0;
  setHandler(wake, () => {
    count += 1;
  });
  return {
    rung: () => count,
    ring: () => {
      count += 1;
    },
    waitBeyond: async (since, ms) => {
      if (ms === null) await condition(() => count > since);
      else await condition(() => count > since, Math.max(1, ms));
    },
  };
}
