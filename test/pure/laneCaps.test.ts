import fc from 'fast-check';
import { bulkShare, DAY_MS, HOUR_MS, reserveOf, windowsOf } from '../../src/domain/lane/caps';
import { openingFor, openingsOf, type Used } from '../../src/domain/lane/openings';
import { unpaced, type LaneRules } from '../../src/domain/laneRules';

const NOW = 1_800_000_000_000;
const GAP = { minMs: 0, maxMs: 0 };
const NO_RULES: LaneRules = unpaced({
  ...{ pace: { text: GAP, media: GAP, reply: GAP, group: GAP }, capHourly: 0, capDaily: 0, capNewHourly: 0 },
  ...{ warmupDaily: [], quietHours: null, timeZone: 'UTC', duplicateTextMs: 0, holdMaxMs: { reply: 0, bulk: 0 } },
});

interface Written {
  at: number;
  bulk: boolean;
  opens: boolean;
}

/** What the ledger answers: the `cap`-th latest write that each limit counts. */
function used(rules: LaneRules, firstConnectedAt: number, writes: readonly Written[]): Used[] {
  return windowsOf(rules, firstConnectedAt, NOW).map((window) => {
    const counted = writes.filter((one) => (window.counts === 'all' || one.bulk) && (!window.opens || one.opens));
    const times = counted.map((one) => one.at).sort((a, b) => b - a);
    return { window, latestAt: times[window.cap - 1] ?? null };
  });
}

/** The rules once more, by counting at a moment. */
function mayGo(
  rules: LaneRules,
  began: number,
  writes: readonly Written[],
  as: Omit<Written, 'at'>,
  at: number,
): boolean {
  const within = (ms: number, only: (one: Written) => boolean): number =>
    writes.filter((one) => one.at > at - ms && only(one)).length;
  const capped = (cap: number, ms: number, only: (one: Written) => boolean): boolean =>
    cap > 0 && (within(ms, only) >= cap || (as.bulk && within(ms, (one) => one.bulk && only(one)) >= bulkShare(cap)));
  const all = (): boolean => true;
  if (capped(rules.capHourly, HOUR_MS, all) || capped(rules.capDaily, DAY_MS, all)) return false;
  if (as.opens && capped(rules.capNewHourly, HOUR_MS, (one) => one.opens)) return false;
  const warm = rules.warmupDaily[Math.floor((at - began) / DAY_MS)];
  return !as.bulk || warm === undefined || within(DAY_MS, all) < warm;
}

const rulesOf = fc.record({
  capHourly: fc.nat(6),
  capDaily: fc.nat(12),
  capNewHourly: fc.nat(4),
  warmupDaily: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }),
});
const writes = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 30 * 60 }).map((minutes) => NOW - minutes * 60_000),
    bulk: fc.boolean(),
    opens: fc.boolean(),
  }),
  { maxLength: 20 },
);

it('opens at the first moment at which counting finds room, for every kind of message', () => {
  const began = fc.integer({ min: 0, max: 4 * 24 }).map((hours) => NOW - hours * HOUR_MS);
  fc.assert(
    fc.property(rulesOf, writes, began, fc.boolean(), fc.boolean(), (some, written, since, bulk, opens) => {
      const rules = { ...NO_RULES, ...some };
      const openings = openingsOf(rules, used(rules, since, written), NOW);
      const { at, reason } = openingFor(openings, { rank: bulk ? 2 : 1, fresh: opens });
      const may = (moment: number): boolean => mayGo(rules, since, written, { bulk, opens }, moment);
      expect(may(at)).toBe(true);
      expect(reason === null).toBe(at === NOW);
      const before = written.flatMap((one) => [one.at + HOUR_MS, one.at + DAY_MS]);
      const days = [0, 1, 2, 3, 4].map((day) => since + day * DAY_MS);
      const earlier = [NOW, ...before, ...days].filter((moment) => moment >= NOW && moment < at);
      expect(earlier.some(may)).toBe(false);
    }),
    { numRuns: 3_000 },
  );
});

it('opens for a reply no later than for bulk, and for who is known no later than for a stranger', () => {
  fc.assert(
    fc.property(rulesOf, writes, (some, written) => {
      const rules = { ...NO_RULES, ...some };
      const { reply, bulk, freshReply, freshBulk } = openingsOf(rules, used(rules, NOW, written), NOW);
      expect(reply.at).toBeLessThanOrEqual(Math.min(bulk.at, freshReply.at));
      expect(Math.max(bulk.at, freshReply.at)).toBeLessThanOrEqual(freshBulk.at);
    }),
  );
});

it('keeps a fifth for replies, rounded up, and never all of it', () => {
  expect([80, 500, 20, 6, 5, 1].map(reserveOf)).toEqual([16, 100, 4, 2, 1, 1]);
  expect([80, 500, 20, 6, 5, 1].map(bulkShare)).toEqual([64, 400, 16, 4, 4, 1]);
});

it('waits for the quiet hours that a cap ends in', () => {
  const rules = { ...NO_RULES, capHourly: 1, quietHours: { fromMinute: 21 * 60, toMinute: 8 * 60 } };
  const now = Date.parse('2026-01-10T20:30:00Z');
  const written = { window: windowsOf(rules, 0, now)[0]!, latestAt: now };
  const { reply, bulk } = openingsOf(rules, [written], now);
  expect(reply).toEqual({ at: now + HOUR_MS, reason: 'hourly_cap' });
  expect(bulk).toEqual({ at: Date.parse('2026-01-11T08:00:00Z'), reason: 'quiet_hours' });
});
