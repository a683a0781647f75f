import fc from 'fast-check';
import { leaseMs } from '../../src/domain/lane/lease';
import { backoff, tickRetryClock } from '../../src/domain/lane/retry';

const NOW = 1_000_000;

describe('the clock of retries', () => {
  it('counts the time between two refusals and nothing before the first', () => {
    expect(tickRetryClock({ spentMs: 0, lastAt: null }, NOW)).toEqual({ spentMs: 0, lastAt: NOW });
    expect(tickRetryClock({ spentMs: 5, lastAt: NOW }, NOW + 10)).toEqual({ spentMs: 15, lastAt: NOW + 10 });
  });

  it("never runs backwards, also when the database's clock does, and counts at most the time that passed", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ at: fc.nat(1_000_000), held: fc.boolean() })), (answers) => {
        let clock = { spentMs: 0, lastAt: null as number | null };
        for (const { at, held } of answers) {
          const before = clock.spentMs;
          clock = tickRetryClock(held ? { ...clock, lastAt: null } : clock, at);
          expect(clock.spentMs).toBeGreaterThanOrEqual(before);
          expect(held && clock.spentMs > before).toBe(false);
        }
      }),
    );
  });

  it('backs off ever longer, up to a minute', () => {
    const waits = Array.from({ length: 20 }, (_, tries) => backoff(tries + 1));
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits[0]).toBe(5_000);
    expect(waits.at(-1)).toBe(60_000);
  });
});

describe('leaseMs', () => {
  it('outlives the longest call to the gateway', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 45_000 }), (timeout) =>
        expect(leaseMs(timeout)).toBeGreaterThan(timeout + 10_000),
      ),
    );
    expect(leaseMs(45_000)).toBeLessThan(90_000);
  });
});
