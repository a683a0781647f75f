import fc from 'fast-check';
import { decideClaim, SIT_MS, type LaneView } from '../../src/domain/lane/decide';
import { isAsleep } from '../../src/domain/lane/wake';

const NOW = 1_000_000;

const near = fc.integer({ min: NOW - 100_000, max: NOW + 100_000 });
const view: fc.Arbitrary<LaneView> = fc
  .record({
    self: fc.record({
      messageId: fc.constantFrom('self', 'other'),
      until: fc.oneof(fc.constant(0), near),
      reason: fc.constantFrom('retrying', 'hourly_cap', 'quiet_hours', 'same_text'),
    }),
    gapEndsAt: fc.oneof(fc.constant(0), near),
    leaseUntil: fc.option(near),
    next: fc.option(fc.record({ messageId: fc.constantFrom('self', 'other'), at: near, nextWakeAt: fc.option(near) })),
    forecastAt: near,
    partyActsAt: fc.option(near),
    isPaced: fc.boolean(),
  })
  .map(({ self: { messageId, until, reason }, next, ...rest }) => ({
    ...rest,
    now: NOW,
    self: { messageId, wait: { until, reason } },
    // Whoever goes next goes when its own wait is over.
    next: next && { ...next, at: Math.max(NOW, next.messageId === messageId ? until : next.at) },
  }));

describe('decideClaim', () => {
  it('grants to the next alone, with nothing of its own to wait for, no lease alive and the gap run', () => {
    fc.assert(
      fc.property(view, (one) => {
        const { self, next, leaseUntil, gapEndsAt } = one;
        const free = self.wait.until <= NOW && (leaseUntil ?? 0) <= NOW && gapEndsAt <= NOW;
        expect(decideClaim(one).kind === 'grant').toBe(free && next?.messageId === self.messageId);
      }),
      { numRuns: 2_000 },
    );
  });

  it('always says a time that lies ahead, and sits only as the next, and not for long', () => {
    fc.assert(
      fc.property(view, (one) => {
        const decision = decideClaim(one);
        if (decision.kind === 'grant') return;
        expect(decision.ms).toBeGreaterThan(0);
        if (decision.kind !== 'sit') return;
        expect(one.next?.messageId).toBe(one.self.messageId);
        expect(decision.reason === 'in_flight' || decision.ms <= SIT_MS).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('wakes nobody but a sleeping next that is another', () => {
    fc.assert(
      fc.property(view, (one) => {
        const decision = decideClaim(one);
        if (decision.kind !== 'wait' || decision.wakeHead === null) return;
        expect(decision.wakeHead).toBe(one.next?.messageId);
        expect(decision.wakeHead).not.toBe(one.self.messageId);
        const mayGoAt = Math.max(NOW, one.next?.at ?? 0, one.gapEndsAt, one.leaseUntil ?? 0);
        expect(isAsleep(one.next?.nextWakeAt ?? null, mayGoAt, NOW)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  const self = { messageId: 'me', wait: { until: 0, reason: 'retrying' as const } };
  const behind: LaneView = {
    now: NOW,
    self,
    gapEndsAt: 0,
    leaseUntil: null,
    next: null,
    forecastAt: NOW,
    partyActsAt: NOW,
    isPaced: true,
  };

  it('is not asked every second where nothing is paced: the end of the earlier one wakes it', () => {
    expect(decideClaim({ ...behind, isPaced: false })).toMatchObject({ reason: 'behind', ms: 30_000 });
    expect(decideClaim({ ...behind, isPaced: false, partyActsAt: null })).toMatchObject({ ms: 1_000 });
    expect(decideClaim({ ...behind, forecastAt: NOW + 9_350 })).toMatchObject({ reason: 'behind', ms: 9_350 });
  });

  it('sleeps behind its own contact until that one acts', () => {
    const decision = decideClaim({ ...behind, forecastAt: NOW + 9_350, partyActsAt: NOW + 300_000 });
    expect(decision).toMatchObject({ kind: 'wait', reason: 'behind', ms: 300_000, wakeHead: null });
  });

  it('says what holds it, and sleeps until exactly then as the next', () => {
    const wait = { until: NOW + 3_000_000, reason: 'hourly_cap' as const };
    const next = { messageId: 'me', at: wait.until, nextWakeAt: null };
    const capped = { ...behind, self: { messageId: 'me', wait }, next };
    expect(decideClaim(capped)).toMatchObject({ kind: 'wait', reason: 'hourly_cap', ms: 3_000_000, wakeHead: null });
    const other = { ...capped, next: { ...next, messageId: 'other', nextWakeAt: wait.until } };
    expect(decideClaim(other)).toMatchObject({ kind: 'wait', reason: 'hourly_cap', ms: 3_000_000, wakeHead: null });
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
