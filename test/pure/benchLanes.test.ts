import { busyGoals, campaignGoals, claimsPerMessage, isMet, p95OfRuns, storeGoals } from '../../src/bench/lanes/goals';
import type { CampaignResult } from '../../src/bench/lanes/campaign';
import { busyLines, campaignLines, goalLines } from '../../src/bench/lanes/report';
import { slotErrors } from '../../src/bench/lanes/slotErrors';
import { openLoop } from '../../src/bench/openLoop';
import { percentilesOf } from '../../src/bench/percentiles';
import { valueOf, valuesByLabel } from '../../src/bench/stage/metricsText';
import { createMetrics } from '../../src/observability/metrics';

describe('slotErrors', () => {
  it('counts from write to write: late ones above zero, a planted breach of the gap below', () => {
    expect(slotErrors([1_000, 2_010, 3_500, 4_300], 1_000)).toEqual([10, 490, -200]);
    expect(slotErrors([1_000], 1_000)).toEqual([]);
  });
});

describe('metricsText', () => {
  it('reads what the bridge writes', async () => {
    const metrics = createMetrics({ processMetrics: true });
    metrics.laneClaims.inc({ result: 'granted' }, 3);
    metrics.laneClaims.inc({ result: 'wait' });
    const text = await metrics.render();
    const claims = valuesByLabel(text, 'bridge_lane_claims_total', 'result');
    expect(Object.fromEntries(claims)).toEqual({ granted: 3, wait: 1 });
    expect(valueOf(text, 'process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
    expect(valueOf(text, 'no_such_metric')).toBeNaN();
  });
});

describe('openLoop', () => {
  it('begins on time although nothing has ended, and tells each when it was due', async () => {
    const due: number[] = [];
    let begun = 0;
    let allBegun = (): void => undefined;
    const all = new Promise<void>((resolve) => (allBegun = resolve));
    await openLoop(5, 10, async (_n, dueAt) => {
      due.push(dueAt);
      begun += 1;
      if (begun === 5) allBegun();
      await all;
    });
    expect(due.map((at) => at - due[0]!)).toEqual([0, 10, 20, 30, 40]);
  });
});

const RESULT: CampaignResult = {
  quiet: [
    [100, 110],
    [90, 105],
    [100, 108],
  ],
  whileAccepting: [150],
  whileDraining: [
    [100, 112],
    [100, 114],
    [100, 113],
  ],
  acknowledgement: percentilesOf([5]),
  refused: 0,
  memory: [
    { waiting: 0, ingress: { resident: 1e8, heap: 5e7 }, worker: { resident: 2e8, heap: 6e7 } },
    { waiting: 1_000, ingress: { resident: 1e8 + 1_024_000, heap: 5e7 }, worker: { resident: 2e8, heap: 6e7 } },
  ],
  slotErrors: [5, 20],
  sent: 10,
  claims: { granted: 10, wait: 12, sit: 300, done: 10 },
  inversions: 0,
  duplicates: 0,
  reconnectMs: 900,
};
const missed = (result: Partial<CampaignResult>) =>
  campaignGoals({ ...RESULT, ...result })
    .filter((goal) => !isMet(goal))
    .map(({ name }) => name);

describe('goals', () => {
  it('a good campaign meets all of them', () => {
    expect(missed({})).toEqual([]);
  });

  it('others may be slower by a tenth, or by the spread of the quiet runs where that is more', () => {
    expect(p95OfRuns(RESULT.quiet)).toEqual({ median: 108, spread: 5 });
    expect(missed({ whileDraining: [[118]] })).toEqual([]);
    expect(missed({ whileDraining: [[119]] })).toEqual(["others' p95 while it drains"]);
    expect(missed({ quiet: [[100], [140], [108]], whileDraining: [[140]] })).toEqual([]);
  });

  it('what never went out, what was refused, doubled, inverted, too early or too late is seen', () => {
    expect(missed({ whileDraining: [[Infinity]] })).toHaveLength(1);
    expect(missed({ refused: 1 })).toEqual(['posts that were refused']);
    expect(missed({ duplicates: 1 })).toEqual(['sent twice']);
    expect(missed({ inversions: 1 })).toEqual(['inversions']);
    expect(missed({ slotErrors: [5, -80] })).toEqual(['gaps that were not kept']);
    expect(missed({ reconnectMs: 2_001 })).toEqual(['first send after a reconnect']);
    expect(missed({ claims: { granted: 10, wait: 21 } })).toEqual(['claims per message']);
  });

  it('a claim that could not be counted is no success', () => {
    expect(claimsPerMessage({ claims: {}, sent: 0 })).toBeNaN();
    expect(missed({ sent: 0, claims: {} })).toEqual(['claims per message']);
  });

  it('a hung host may cost busy numbers nothing but what they differ anyway', () => {
    const alone = Array.from({ length: 100 }, (_, n) => n);
    const goals = (besideHung: number[]) => busyGoals({ numbers: 1, hung: 1, alone, besideHung }).map(isMet);
    expect(goals(alone)).toEqual([true, true]);
    expect(goals(alone.map((error) => error + 100))).toEqual([false, true]);
    expect(goals([...alone, -100])).toEqual([true, false]);
  });

  it('a full lane takes at most twice as long as an empty one', () => {
    const store = (full: number) => {
      const [acceptEmpty, acceptFull] = [percentilesOf([2]), percentilesOf([full])];
      return { messages: 1, acceptEmpty, acceptFull, headFull: acceptFull, refusedFull: acceptFull, bytesEach: 1 };
    };
    expect(storeGoals(store(9)).map(isMet)).toEqual([true]);
    expect(storeGoals(store(9.1)).map(isMet)).toEqual([false]);
  });
});

describe('report', () => {
  it('says what was measured, and how it stands to the goals', () => {
    const lines = campaignLines(RESULT).join('\n');
    expect(lines).toContain('memory of each of 1000 waiting: ingress heap 0.0 KB, resident 1.0 KB');
    expect(lines).toContain('p95 of each run: quiet 108.0 ms (spread 5.0 ms), draining 113.0 ms (spread 2.0 ms)');
    expect(busyLines({ numbers: 300, hung: 50, alone: [1], besideHung: [2] })[2]).toMatch(/beside 50 hung.* 2\.0 ms/);
    expect(goalLines(campaignGoals({ ...RESULT, refused: 2 }))[1]).toMatch(
      /^FAIL {2}posts that were refused +2 of at most/,
    );
    expect(goalLines(campaignGoals(RESULT)).every((line) => line.startsWith('PASS'))).toBe(true);
  });
});
