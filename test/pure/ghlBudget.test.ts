import fc from 'fast-check';
import type { DomainError } from '../../src/domain/errors';
import type { Priority } from '../../src/domain/requestBudget';
import { createGhlBudget, type GhlBudget } from '../../src/ghl/budget';
import { createFakeTable, type FakeClock } from '../support/budgetTable';

const WINDOW_MS = 10_000;
/** Noon, UTC: no test runs into the next day unless it wants to. */
const NOON = Date.UTC(2026, 0, 2, 12);

function open(processes = 1, travelMs = { there: 0, back: 0 }) {
  const clock: FakeClock = { ms: NOON };
  const table = createFakeTable(clock, travelMs);
  // Each process counts its own milliseconds; none begins at the database's.
  const budgets = Array.from({ length: processes }, (_, n) => createGhlBudget(table, () => clock.ms - NOON + n * 777));
  return { clock, table, budgets, budget: budgets[0]! };
}

async function waitOf(budget: GhlBudget, priority: Priority = 'high', resource = 'loc'): Promise<number> {
  try {
    await budget.take(resource, priority);
    return 0;
  } catch (error) {
    expect(error).toMatchObject({ code: 'ghl_budget', retry: 'later', benign: true });
    return (error as DomainError).retryAfterMs!;
  }
}

async function takeMany(budget: GhlBudget, most: number, priority: Priority = 'high'): Promise<number> {
  for (let taken = 0; taken < most; taken++) if ((await waitOf(budget, priority)) > 0) return taken;
  return most;
}

/** Returns the most requests that any 10 seconds saw; times ascend. */
function densest(times: number[]): number {
  return Math.max(
    0,
    ...times.map((from, index) => times.filter((at, i) => i >= index && at < from + WINDOW_MS).length),
  );
}

const step = fc.record({
  afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 201, max: 15_000 })),
  process: fc.nat(2),
  priority: fc.constantFrom<Priority>('high', 'low'),
  burst: fc.integer({ min: 1, max: 120 }),
});

describe("a location's budget", () => {
  it('never lets more than 100 requests through in any 10 seconds, whoever asks and whenever', async () => {
    const travel = fc.record({ there: fc.nat(40), back: fc.nat(40) });
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 40 }),
      travel,
      async (steps, travelMs) => {
        const { clock, budgets } = open(3, travelMs);
        const times: number[] = [];
        for (const { afterMs, process, priority, burst } of steps) {
          clock.ms += afterMs;
          for (let n = 0; n < burst; n++) if ((await waitOf(budgets[process]!, priority)) === 0) times.push(clock.ms);
        }
        expect(densest(times)).toBeLessThanOrEqual(100);
      },
    );
    await fc.assert(property, { numRuns: 80 });
  });

  it('lets 100 through at once, and says when the next one may come', async () => {
    const { budget, clock } = open();
    expect(await takeMany(budget, 200)).toBe(100);
    const waitMs = await waitOf(budget);
    expect(waitMs).toBeGreaterThanOrEqual(WINDOW_MS);
    expect(waitMs).toBeLessThanOrEqual(WINDOW_MS + 4_000);
    clock.ms += waitMs + 1;
    expect(await waitOf(budget)).toBe(0);
  });

  it.each([1, 4])('gives a steady crowd over 80 requests in 12 seconds, to %i processes', async (processes) => {
    const { clock, budgets } = open(processes);
    let taken = 0;
    for (let ms = 0; ms < 120_000; ms += 100, clock.ms += 100)
      if ((await waitOf(budgets[(ms / 100) % processes]!)) === 0) taken += 1;
    expect(taken).toBeGreaterThan(10 * 80);
  });

  it('keeps a fifth from bulk work: statuses and posts pass while bulk is refused', async () => {
    const { budgets } = open(2);
    expect(await takeMany(budgets[0]!, 200, 'low')).toBe(80);
    expect(await waitOf(budgets[1]!, 'low')).toBeGreaterThan(0);
    expect(await takeMany(budgets[1]!, 200, 'high')).toBe(20);
  });

  it("is the location's own", async () => {
    const { budget } = open();
    await takeMany(budget, 200);
    expect(await waitOf(budget, 'high', 'another')).toBe(0);
  });

  it('asks the shared account once for five requests, and not at all for those who are refused', async () => {
    const { budget, table } = open();
    await takeMany(budget, 100);
    expect(table.asked).toBe(20);
    await waitOf(budget);
    const { asked } = table;
    for (let n = 0; n < 50; n++) expect(await waitOf(budget)).toBeGreaterThan(0);
    expect(table.asked).toBe(asked);
  });

  it('shares one question among callers that come at once', async () => {
    const { budget, table } = open();
    await Promise.all(Array.from({ length: 5 }, () => budget.take('loc', 'high')));
    expect(table.asked).toBe(1);
  });

  it('sends those who were refused back one by one', async () => {
    const { budget } = open();
    await takeMany(budget, 100);
    const waits = [];
    for (let n = 0; n < 5; n++) waits.push(await waitOf(budget));
    for (const [n, wait] of waits.entries()) expect(wait).toBe(waits[0]! + n * 100);
  });

  it('gives back what a lease did not use', async () => {
    const { budgets, clock } = open(2);
    for (let n = 0; n < 9; n++, clock.ms += 2_500) await budgets[0]!.take('loc', 'high');
    // Of the last 12 seconds four requests were made; a fifth one's lease is not over.
    expect(await takeMany(budgets[1]!, 200)).toBeGreaterThanOrEqual(90);
  });
});

describe('what GHL says', () => {
  const answer = (headers: Record<string, string>, more = {}) => ({ status: 200, headers, tookMs: 50, ...more });

  it('a 429 closes the budget for every process and priority, until it opens by itself', async () => {
    const { budgets, clock } = open(2);
    await budgets[0]!.take('loc', 'high');
    await budgets[0]!.heed('loc', answer({ 'retry-after': '30' }, { status: 429 }));
    for (const budget of budgets)
      for (const priority of ['high', 'low'] as const) expect(await waitOf(budget, priority)).toBeGreaterThan(29_000);
    clock.ms += 30_001;
    for (const budget of budgets) expect(await waitOf(budget, 'low')).toBe(0);
  });

  it('fewer left than we know of: the lower figure counts, for all', async () => {
    const { budgets } = open(2);
    await budgets[0]!.take('loc', 'high');
    await budgets[0]!.heed('loc', answer({ 'x-ratelimit-remaining': '23' }));
    expect(await takeMany(budgets[1]!, 200, 'low')).toBe(3);
    expect(await takeMany(budgets[1]!, 200)).toBeLessThanOrEqual(20);
  });

  it('more left than we know of, or figures that are old: ours count', async () => {
    const { budgets } = open(2);
    await takeMany(budgets[0]!, 60);
    await budgets[0]!.heed('loc', answer({ 'x-ratelimit-remaining': '99' }));
    await budgets[0]!.heed('loc', answer({ 'x-ratelimit-remaining': '1' }, { tookMs: 5_000 }));
    expect(await takeMany(budgets[1]!, 200)).toBe(40);
  });

  it('the day runs out: bulk work stops first, then all, and the next day opens', async () => {
    const { budgets, clock } = open(2);
    await budgets[0]!.take('loc', 'high');
    await budgets[0]!.heed('loc', answer({ 'x-ratelimit-daily-remaining': '30000' }));
    expect(await waitOf(budgets[1]!, 'low')).toBeGreaterThan(11 * 3_600_000);
    expect(await waitOf(budgets[1]!)).toBe(0);
    clock.ms += 5_000;
    await budgets[1]!.heed('loc', answer({ 'x-ratelimit-daily-remaining': '0' }));
    clock.ms += 5_000;
    expect(await waitOf(budgets[0]!)).toBeGreaterThan(11 * 3_600_000);
    clock.ms = Date.UTC(2026, 0, 3) + 1;
    for (const budget of budgets) expect(await waitOf(budget, 'low')).toBe(0);
  });

  it('a store that does not answer takes no answer of GHL away', async () => {
    const broken = () => Promise.reject(new Error('the store is down'));
    const budget = createGhlBudget({ lease: broken, close: broken, lower: broken });
    await expect(budget.heed('loc', answer({}, { status: 429 }))).resolves.toBeUndefined();
    await expect(budget.take('other', 'high')).rejects.toThrow('the store is down');
  });
});
