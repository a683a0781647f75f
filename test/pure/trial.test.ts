import fc from 'fast-check';
import { CONNECTION_STATES, type HeldState } from '../../src/domain/connectionState';
import { trialAt } from '../../src/domain/trial';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** Two minutes past a full hour. */
const NOW = Date.UTC(2026, 4, 6, 10, 2);
const STEPS = { minMs: 5 * MINUTE, maxMs: HOUR };
const waitOf = (state: HeldState, refusals: number, now = NOW): number | null => {
  const at = trialAt({ state, refusals, now }, STEPS, 0);
  return at === null ? null : at - now;
};
const HELD = CONNECTION_STATES.filter((state): state is HeldState => state !== 'connected');

describe('trialAt', () => {
  it.each(['billing', 'reauth'] as const)('tries %s after ever longer waits, at most hourly', (state) => {
    const waits = [1, 2, 3, 4, 5, 6, 500].map((refusals) => waitOf(state, refusals));
    expect(waits).toEqual([5, 10, 20, 40, 60, 60, 60].map((minutes) => minutes * MINUTE));
  });

  it('tries a quota at the next full hour at the latest, when plans reset somewhere', () => {
    expect(waitOf('quota', 1)).toBe(5 * MINUTE);
    expect(waitOf('quota', 5)).toBe(58 * MINUTE);
    expect(waitOf('quota', 9, NOW + 57 * MINUTE)).toBe(MINUTE);
  });

  it('spreads the numbers that are tried at a full hour over a minute', () => {
    const at = trialAt({ state: 'quota', refusals: 9, now: NOW }, STEPS, 0.5);
    expect(at).toBe(Date.UTC(2026, 4, 6, 11) + MINUTE / 2);
  });

  it.each(['relogin', 'disconnected', 'unreachable', 'unverified'] as const)(
    'believes the probe of a number that is %s, twice in a row',
    (state) => {
      expect([1, 2, 3, 4].map((refusals) => waitOf(state, refusals))).toEqual([null, null, 5 * MINUTE, 10 * MINUTE]);
    },
  );

  it('is always ahead, and never further than the longest wait', () => {
    const facts = fc.record({
      state: fc.constantFrom(...HELD),
      refusals: fc.integer({ min: 1, max: 10_000 }),
      now: fc.integer({ min: 0, max: NOW * 2 }),
    });
    fc.assert(
      fc.property(facts, fc.double({ min: 0, max: 0.999, noNaN: true }), (refused, random) => {
        const at = trialAt(refused, STEPS, random);
        if (at === null) return;
        expect(at).toBeGreaterThan(refused.now);
        expect(at).toBeLessThanOrEqual(refused.now + HOUR);
      }),
    );
  });
});
