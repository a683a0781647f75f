import { createReturnTimes } from '../src/domain/hostShare';
import { createSlots } from './slots';

/** The messages whose files this process fetches, by location. */
export interface FileSlots {
  /** Returns how the slot that was taken is given back, or after how long to ask again. */
  take(locationId: string): { giveBack: () => void } | { afterMs: number };
}

/** A slow file host has a fetch take a minute: most of the worker is left to sends, and to the files of others. */
const SLOTS = { total: 50, each: () => 10 };

/** Returns the slots of one worker. Who finds none does not wait inside it; a whole campaign comes back one by one. */
export function createFileSlots(clock: () => number = () => performance.now()): FileSlots {
  const slots = createSlots(SLOTS);
  const returns = createReturnTimes(clock);
  return {
    take: (locationId) => {
      const giveBack = slots.take(locationId);
      return giveBack === null ? { afterMs: returns.next() } : { giveBack };
    },
  };
}
