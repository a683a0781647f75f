import fc from 'fast-check';
import { DRAWS, drawGap, gapEndsAt, paceKindOf, RAMP_MS } from '../../src/domain/lane/gap';

const gap = fc.tuple(fc.nat(60_000), fc.nat(60_000)).map(([min, width]) => ({ minMs: min, maxMs: min + width }));
const jitter = fc.nat(DRAWS - 1);

it('draws a gap within its range', () => {
  fc.assert(
    fc.property(gap, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (range, random) => {
      const drawn = drawGap(range, random);
      expect(drawn).toBeGreaterThanOrEqual(range.minMs);
      expect(drawn).toBeLessThanOrEqual(range.maxMs);
      expect(Number.isInteger(drawn)).toBe(true);
    }),
  );
});

it.each([
  ['a text', { rank: 2, toGroup: false, isMedia: false }, 'text'],
  ['a file', { rank: 2, toGroup: false, isMedia: true }, 'media'],
  ['anything to a group', { rank: 2, toGroup: true, isMedia: true }, 'group'],
  ["a person's reply, whatever it brings", { rank: 0, toGroup: true, isMedia: true }, 'reply'],
  ['what is lifted by a reply', { rank: 1, toGroup: false, isMedia: true }, 'reply'],
])('%s has its own gap', (_what, part, kind) => expect(paceKindOf(part)).toBe(kind));

describe('the end of the gap', () => {
  it('is within the range from the last write, and in the first minute after a return within twice that', () => {
    fc.assert(
      fc.property(gap, jitter, fc.nat(10_000_000), fc.option(fc.nat(10_000_000)), (range, draw, lastAt, returnedAt) => {
        const at = gapEndsAt({ lastAt, jitter: draw, gap: range, returnedAt });
        expect(at).toBeGreaterThanOrEqual(lastAt + range.minMs);
        expect(at).toBeLessThanOrEqual(lastAt + 2 * range.maxMs);
        const plain = gapEndsAt({ lastAt, jitter: draw, gap: range, returnedAt: null });
        const rampEnds = (returnedAt ?? -Infinity) + RAMP_MS;
        expect(at).toBe(plain >= rampEnds ? plain : Math.min(plain + (plain - lastAt), rampEnds));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is one draw for every kind: a reply is due one reply gap after a bulk text', () => {
    const facts = { lastAt: 1_000, jitter: DRAWS / 2, returnedAt: null };
    expect(gapEndsAt({ ...facts, gap: { minMs: 5_000, maxMs: 12_000 } })).toBe(9_500);
    expect(gapEndsAt({ ...facts, gap: { minMs: 1_000, maxMs: 3_000 } })).toBe(3_000);
  });

  it('lets the first one after a long outage go at once', () => {
    const now = 10_000_000;
    const first = { lastAt: 0, jitter: 0, gap: { minMs: 5_000, maxMs: 5_000 }, returnedAt: now };
    expect(gapEndsAt(first)).toBeLessThan(now);
    expect(gapEndsAt({ ...first, lastAt: now })).toBe(now + 10_000);
    expect(gapEndsAt({ ...first, lastAt: now + 52_000 })).toBe(now + 60_000);
  });
});
