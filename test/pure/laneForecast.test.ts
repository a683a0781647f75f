import fc from 'fast-check';
import { DAY_MS, HOUR_MS } from '../../src/domain/lane/caps';
import { emptyPlan, planAfresh, planNext, stepOf, type Plan, type PlanRules } from '../../src/domain/lane/forecast';
import { bulkShares, planAhead } from '../../src/domain/lane/planAhead';
import { unpaced, type LaneRules } from '../../src/domain/laneRules';

const NOW = Date.parse('2026-01-10T12:00:00Z');
const GAP = { minMs: 5_000, maxMs: 12_000 };
const PACE = { text: GAP, media: GAP, reply: GAP, group: GAP };
const RULES: LaneRules = {
  ...{ pace: PACE, capHourly: 80, capDaily: 500, capNewHourly: 20, warmupDaily: [], quietHours: null },
  ...{ timeZone: 'UTC', duplicateTextMs: 0, holdMaxMs: { reply: 0, bulk: 0 } },
};

/** A campaign accepted at once. */
function campaign(count: number, of: Partial<PlanRules> = {}, fresh = false, now = NOW): number[] {
  const rules: PlanRules = { rules: RULES, firstConnectedAt: NOW - 30 * DAY_MS, returnedAt: null, ...of };
  const times: number[] = [];
  let plan: Plan = emptyPlan();
  for (let n = 0; n < count; n++) {
    const next = planNext(plan, { kind: 'text', fresh, now }, rules);
    plan = next.plan;
    times.push(next.at);
  }
  return times;
}

function most(times: readonly number[], withinMs: number): number {
  return Math.max(...times.map((at) => times.filter((one) => one > at - withinMs && one <= at).length));
}

it("plans a campaign within the bulk's share of the caps, in order, by the gap", () => {
  const times = campaign(1_000);
  expect(times[0]).toBe(NOW);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(most(times, HOUR_MS)).toBe(64);
  expect(most(times, DAY_MS)).toBe(400);
  expect(times[64]).toBe(NOW + HOUR_MS);
  expect(times[400]).toBe(NOW + DAY_MS);
});

it('plans conversations that are new by their own cap, and lets nobody wait behind them', () => {
  const times = campaign(100, {}, true);
  expect(most(times, HOUR_MS)).toBe(16);
  const before = planNext(emptyPlan(), { kind: 'text', fresh: true, now: NOW }, ruled());
  const held = { ...before.plan, opens: { since: NOW, used: 16 } };
  expect(planNext(held, { kind: 'text', fresh: true, now: NOW }, ruled()).at).toBe(NOW + HOUR_MS);
  expect(planNext(held, { kind: 'text', fresh: false, now: NOW }, ruled()).at).toBe(Math.round(NOW + 9_350));
});

it('plans the first days of a new number, the minute after an outage, and around the quiet hours', () => {
  const warm = campaign(20, { rules: { ...RULES, warmupDaily: [3, 5] }, firstConnectedAt: NOW });
  expect(warm.slice(0, 4).map((at) => Math.floor((at - NOW) / DAY_MS))).toEqual([0, 0, 0, 1]);
  const ramp = campaign(3, { returnedAt: NOW });
  expect((ramp[1] ?? 0) - NOW).toBe(18_700);
  const quietHours = { fromMinute: 13 * 60, toMinute: 8 * 60 };
  const quiet = campaign(70, { rules: { ...RULES, quietHours } });
  expect(new Date(quiet[64] ?? 0).toISOString()).toBe('2026-01-11T08:00:00.000Z');
});

it('forgets what was planned for later when nothing waits any more', () => {
  const [later, unused] = [NOW + DAY_MS, { since: NOW, used: 0 }];
  const plan: Plan = { at: later, hour: used(NOW + 5), day: used(NOW - 5), opensAt: later, opens: used(NOW + 5) };
  expect(planAfresh(plan, NOW)).toEqual({ at: NOW, hour: unused, day: used(NOW - 5), opensAt: NOW, opens: unused });
});

it('is a little late rather than early, and never lets a queue wake up at once', () => {
  expect(stepOf(RULES, 'text')).toBeGreaterThan(8_500);
  expect(stepOf(unpaced(RULES), 'text')).toBeGreaterThan(0);
});

describe('planAhead', () => {
  const series = { from: NOW, stepMs: 9_350, rules: RULES, returnedAt: null };
  const shares = bulkShares(RULES, NOW - 30 * DAY_MS, NOW, false);

  it('says the same as a plan of the campaign does', () => {
    const planned = campaign(900);
    for (const ahead of [0, 1, 63, 64, 399, 400, 899])
      expect(Math.abs(planAhead({ ...series, written: [], shares }, ahead) - (planned[ahead] ?? 0))).toBeLessThan(
        1_000,
      );
  });

  it('counts what was written lately', () => {
    const written = Array.from({ length: 64 }, (_, n) => NOW - HOUR_MS / 2 + n * 1_000);
    expect(planAhead({ ...series, written, shares }, 0)).toBe(NOW + HOUR_MS / 2);
  });

  it('is never earlier with more ahead, nor with more written', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(50), fc.array(fc.nat(DAY_MS), { maxLength: 80 }), (ahead, more, ago) => {
        const written = ago.map((ms) => NOW - ms).sort((a, b) => a - b);
        const at = planAhead({ ...series, written, shares }, ahead);
        expect(planAhead({ ...series, written, shares }, ahead + more)).toBeGreaterThanOrEqual(at);
        expect(planAhead({ ...series, written: [...written, NOW], shares }, ahead)).toBeGreaterThanOrEqual(at);
        expect(at).toBeGreaterThanOrEqual(NOW);
      }),
    );
  });
});

function ruled(): PlanRules {
  return { rules: RULES, firstConnectedAt: null, returnedAt: null };
}

function used(since: number) {
  return { since, used: 7 };
}
