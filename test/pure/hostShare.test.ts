import fc from 'fast-check';
import { createSlots } from '../../activities/slots';
import { createReturnTimes, hostShare } from '../../src/domain/hostShare';

/** Everybody in turn takes whatever it gets, until nobody gets any more. Returns how many each has. */
function fill(slots: ReturnType<typeof createSlots>, hosts: readonly string[]): Map<string, number> {
  const inHand = new Map(hosts.map((host) => [host, 0]));
  for (let took = true; took;) {
    took = false;
    for (const host of hosts) {
      if (slots.take(host) === null) continue;
      inHand.set(host, inHand.get(host)! + 1);
      took = true;
    }
  }
  return inHand;
}

describe('hostShare', () => {
  it('leaves a quarter of a worker to the others when one host hangs', () => {
    const slots = createSlots({ total: 1_000, each: hostShare });
    expect(fill(slots, ['hung'])).toEqual(new Map([['hung', 750]]));
    expect(slots.take('another')).not.toBeNull();
  });

  it('however many hosts hang, another one finds room, and no slot is given twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 1_000 }), fc.integer({ min: 1, max: 12 }), (total, count) => {
        const slots = createSlots({ total, each: hostShare });
        const inHand = fill(
          slots,
          Array.from({ length: count }, (_, n) => `hung ${n}`),
        );
        const taken = [...inHand.values()].reduce((sum, n) => sum + n, 0);
        expect(taken).toBeLessThan(total);
        expect(slots.take('another')).not.toBeNull();
      }),
    );
  });

  it('shares evenly between two that take all they get', () => {
    const [first = 0, second = 0] = fill(createSlots({ total: 700, each: hostShare }), ['a', 'b']).values();
    expect(Math.abs(first - second)).toBeLessThanOrEqual(1);
    expect(first + second).toBeGreaterThan(550);
  });
});

describe('createReturnTimes', () => {
  it('lets those that were turned away come back one after the other, none at once, none late', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 2, maxLength: 400 }), (steps) => {
        let now = 0;
        const times = createReturnTimes(() => now);
        const returns = steps.map((step) => (now += step) + times.next());
        const waits = returns.map((at, n) => at - steps.slice(0, n + 1).reduce((sum, step) => sum + step, 0));
        expect(Math.min(...waits)).toBeGreaterThanOrEqual(2_000);
        expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
        expect([...returns].sort((a, b) => a - b)).toEqual(returns);
      }),
    );
  });

  it('lets fifty come back in a second', () => {
    const times = createReturnTimes(() => 0);
    const waits = Array.from({ length: 100 }, () => times.next());
    expect(waits.at(-1)! - waits[0]!).toBe(99 * 20);
  });
});
