import fc from 'fast-check';
import {
  backoff,
  decideClaim,
  drawGap,
  forecast,
  forecastStep,
  headOf,
  isAsleep,
  leaseMs,
  SIT_MS,
  tickRetryClock,
  type LaneRow,
  type LaneView,
} from '../../src/domain/lane';

const NOW = 1_000_000;
const GAP = { minMs: 5_000, maxMs: 12_000 };

function row(messageId: string, seq: number, more: Partial<LaneRow> = {}): LaneRow {
  return { messageId, seq, rank: 0, party: messageId, open: true, claimable: true, notBefore: 0, ...more };
}

const rows = fc
  .array(
    fc.record({
      rank: fc.integer({ min: -3, max: 3 }),
      party: fc.constantFrom('a', 'b', 'c', 'd'),
      open: fc.boolean(),
      claimable: fc.boolean(),
      notBefore: fc.constantFrom(0, NOW, NOW + 1, NOW + 1_000),
    }),
    { maxLength: 15 },
  )
  .map((drawn) => drawn.map((one, index) => row(`m${index}`, index, one)));

describe('headOf', () => {
  it('takes the first in order, a smaller rank before it, and nobody behind the own contact', () => {
    expect(headOf([row('a', 1), row('b', 2)], NOW)?.messageId).toBe('a');
    expect(headOf([row('a', 1), row('b', 2, { rank: -1 })], NOW)?.messageId).toBe('b');
    expect(headOf([row('a', 1, { notBefore: NOW + 1 }), row('b', 2)], NOW)?.messageId).toBe('b');
    const same = [row('a', 1, { party: 'x', claimable: false }), row('b', 2, { party: 'x', rank: -9 })];
    expect(headOf(same, NOW)).toBeNull();
    expect(headOf([], NOW)).toBeNull();
  });

  it('never lets a message overtake an unfinished one to the same party', () => {
    fc.assert(
      fc.property(rows, (lane) => {
        const head = headOf(lane, NOW);
        if (head === null) return;
        expect(head.open && head.claimable && head.notBefore <= NOW).toBe(true);
        const overtaken = lane.filter((one) => one.open && one.party === head.party && one.seq < head.seq);
        expect(overtaken).toEqual([]);
      }),
    );
  });

  it('is somebody whenever somebody may go', () => {
    fc.assert(
      fc.property(rows, (lane) => {
        const first = new Map<string, LaneRow>();
        for (const one of lane) if (one.open && !first.has(one.party)) first.set(one.party, one);
        const may = [...first.values()].filter((one) => one.claimable && one.notBefore <= NOW);
        expect(headOf(lane, NOW) === null).toBe(may.length === 0);
      }),
    );
  });

  it('goes through the whole lane, each one once, in every party in order', () => {
    fc.assert(
      fc.property(rows, (lane) => {
        const left = lane.map((one) => ({ ...one, claimable: one.open, notBefore: 0 }));
        const went: LaneRow[] = [];
        for (let head = headOf(left, NOW); head !== null; head = headOf(left, NOW)) {
          head.open = false;
          went.push(head);
        }
        expect(went).toHaveLength(lane.filter((one) => one.open).length);
        for (const party of ['a', 'b', 'c', 'd']) {
          const seqs = went.filter((one) => one.party === party).map((one) => one.seq);
          expect(seqs).toEqual([...seqs].sort((x, y) => x - y));
        }
      }),
    );
  });
});

const near = fc.integer({ min: NOW - 100_000, max: NOW + 100_000 });
const view: fc.Arbitrary<LaneView> = fc.record({
  now: fc.constant(NOW),
  self: fc.record({ messageId: fc.constantFrom('self', 'other'), notBefore: fc.oneof(fc.constant(0), near) }),
  freeAt: fc.oneof(fc.constant(0), near),
  leaseUntil: fc.option(near),
  head: fc.option(fc.record({ messageId: fc.constantFrom('self', 'other'), nextWakeAt: fc.option(near) })),
  ahead: fc.nat(200),
  partyActsAt: fc.option(near),
  gap: fc.constant(GAP),
});

describe('decideClaim', () => {
  it('grants to the head alone, out of its back-off, with no lease alive and the gap run', () => {
    fc.assert(
      fc.property(view, (one) => {
        const { self, head, leaseUntil, freeAt } = one;
        const may =
          self.notBefore <= NOW && head?.messageId === self.messageId && (leaseUntil ?? 0) <= NOW && freeAt <= NOW;
        expect(decideClaim(one).kind === 'grant').toBe(may);
      }),
      { numRuns: 2_000 },
    );
  });

  it('always says a time that lies ahead, and sits only as the head', () => {
    fc.assert(
      fc.property(view, (one) => {
        const decision = decideClaim(one);
        if (decision.kind === 'grant') return;
        expect(decision.ms).toBeGreaterThan(0);
        const sits = decision.kind === 'sit';
        expect(sits && one.head?.messageId !== one.self.messageId).toBe(false);
        expect(sits && decision.reason === 'gap' && decision.ms > SIT_MS).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('wakes nobody but a sleeping head that is another', () => {
    fc.assert(
      fc.property(view, (one) => {
        const decision = decideClaim(one);
        if (decision.kind !== 'wait' || decision.wakeHead === null) return;
        expect(decision.wakeHead).toBe(one.head?.messageId);
        expect(decision.wakeHead).not.toBe(one.self.messageId);
        const mayGoAt = Math.max(NOW, one.freeAt, one.leaseUntil ?? 0);
        expect(isAsleep(one.head?.nextWakeAt ?? null, mayGoAt, NOW)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is not asked every second where nothing is paced: the end of the earlier one wakes it', () => {
    const self = { messageId: 'me', notBefore: 0 };
    const behind = { now: NOW, self, freeAt: 0, leaseUntil: null, head: null, ahead: 1, partyActsAt: NOW };
    expect(decideClaim({ ...behind, gap: { minMs: 0, maxMs: 0 } })).toMatchObject({ reason: 'behind', ms: 30_000 });
    const alone = { ...behind, partyActsAt: null, gap: { minMs: 0, maxMs: 0 } };
    expect(decideClaim(alone)).toMatchObject({ reason: 'behind', ms: 1_000 });
    expect(decideClaim({ ...behind, gap: GAP })).toMatchObject({ reason: 'behind', ms: 9_350 });
  });

  it('sleeps behind its own contact until that one acts', () => {
    const self = { messageId: 'self', notBefore: 0 };
    const behind = { now: NOW, self, freeAt: 0, leaseUntil: null, head: null, ahead: 1, gap: GAP };
    const decision = decideClaim({ ...behind, partyActsAt: NOW + 300_000 });
    expect(decision).toMatchObject({ kind: 'wait', reason: 'behind', ms: 300_000, wakeHead: null });
  });
});

describe('forecast', () => {
  const now = fc.nat(1_000_000);
  const gap = fc
    .tuple(fc.nat(10_000), fc.nat(10_000))
    .map(([a, b]) => ({ minMs: Math.min(a, b), maxMs: Math.max(a, b) }));

  it('is never earlier with more ahead, a later gap or a later hour', () => {
    fc.assert(
      fc.property(now, now, fc.nat(1_000), gap, fc.nat(100), (at, freeAt, ahead, pace, more) => {
        const base = forecast({ now: at, freeAt, ahead, gap: pace });
        expect(base).toBeGreaterThanOrEqual(at);
        expect(base).toBeGreaterThanOrEqual(freeAt);
        expect(forecast({ now: at + more, freeAt, ahead, gap: pace })).toBeGreaterThanOrEqual(base);
        expect(forecast({ now: at, freeAt: freeAt + more, ahead, gap: pace })).toBeGreaterThanOrEqual(base);
        expect(forecast({ now: at, freeAt, ahead: ahead + more, gap: pace })).toBeGreaterThanOrEqual(base);
      }),
    );
  });

  it('is a little late rather than early, and never lets a queue wake up at once', () => {
    fc.assert(
      fc.property(gap, (pace) => expect(forecastStep(pace)).toBeGreaterThanOrEqual((pace.minMs + pace.maxMs) / 2)),
    );
    expect(forecastStep({ minMs: 0, maxMs: 0 })).toBeGreaterThan(0);
  });
});

describe('drawGap', () => {
  it('stays within its range', () => {
    fc.assert(
      fc.property(
        fc.nat(60_000),
        fc.nat(60_000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (min, width, random) => {
          const gap = drawGap({ minMs: min, maxMs: min + width }, random);
          expect(gap).toBeGreaterThanOrEqual(min);
          expect(gap).toBeLessThanOrEqual(min + width);
          expect(Number.isInteger(gap)).toBe(true);
        },
      ),
    );
  });
});

describe('isAsleep', () => {
  it.each([
    ['has no wake-up at all', null, NOW, true],
    ['wakes up in time', NOW + 1_000, NOW, false],
    ['wakes up too late', NOW + 1_001, NOW, true],
    ['wakes up when the gap has run', NOW + 9_000, NOW + 8_500, false],
    ['should have come a moment ago', NOW - 10_000, NOW, false],
    ['should have come long ago', NOW - 10_001, NOW, true],
  ])('a head that %s', (_what, nextWakeAt, mayGoAt, asleep) => {
    expect(isAsleep(nextWakeAt, mayGoAt, NOW)).toBe(asleep);
  });
});

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
