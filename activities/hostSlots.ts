import { createReturnTimes, hostShare } from '../src/domain/hostShare';
import type { Admit } from '../src/store/messages/admission';
import { createSlots } from './slots';

/** One message's way through its gateway host. */
export interface HostVisit {
  /** Enters the host unless this visit has done so before. Returns null, or after how long to ask again. */
  admit: Admit;
  /** Gives the slot back, if there is one. */
  leave(): void;
}

/** The sends that this process has in hand, by gateway host. */
export interface HostSlots {
  visit(): HostVisit;
}

/**
 * Returns the slots of a worker that has `total` sends in hand at most. A host that hangs can not take them all; who
 * finds it full does not wait inside the worker.
 */
export function createHostSlots(total: number, clock: () => number = () => performance.now()): HostSlots {
  const slots = createSlots({ total, each: hostShare });
  const returns = createReturnTimes(clock);
  return {
    visit: () => {
      let giveBack: (() => void) | null = null;
      return {
        admit: (host) => {
          giveBack ??= slots.take(host);
          return giveBack === null ? returns.next() : null;
        },
        leave: () => {
          giveBack?.();
          giveBack = null;
        },
      };
    },
  };
}
