import { closed, lease, lowered, unusedBudget, type BudgetState } from '../../src/domain/requestBudget';
import type { BudgetTable } from '../../src/ghl/budget';

export interface FakeClock {
  ms: number;
}

/** The shared account of several processes, in memory; each question takes time, before and after it is answered. */
export function createFakeTable(clock: FakeClock, travelMs = { there: 0, back: 0 }): BudgetTable & { asked: number } {
  const states = new Map<string, BudgetState>();
  const stateOf = (id: string): BudgetState => states.get(id) ?? unusedBudget();
  const table = {
    asked: 0,
    lease: async (id: string, wish: Parameters<BudgetTable['lease']>[1]) => {
      table.asked += 1;
      clock.ms += travelMs.there;
      const { state, answer } = lease(stateOf(id), clock.ms, wish);
      if (answer.kind === 'granted') states.set(id, state);
      clock.ms += travelMs.back;
      return await Promise.resolve(answer);
    },
    close: (id: string, forMs: number) => Promise.resolve(void states.set(id, closed(stateOf(id), clock.ms, forMs))),
    lower: (id: string, quota: Parameters<BudgetTable['lower']>[1]) => {
      const state = lowered(stateOf(id), clock.ms, quota);
      if (state !== null) states.set(id, state);
      return Promise.resolve();
    },
  };
  return table;
}
