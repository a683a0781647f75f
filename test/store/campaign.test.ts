import { DRAWS, drawGap } from '../../src/domain/lane/gap';
import type { LaneDefaults } from '../../src/domain/laneRules';
import { openTestStore } from '../support/store';
import { RULES, type TestStore } from '../support/storeAt';
import { Campaign } from './campaignWorld';

const HOUR = 3_600_000;
const PACE = { minMs: 5_000, maxMs: 12_000 };
/** The caps as they are where nobody sets any. */
const DEFAULTS: LaneDefaults = {
  ...RULES,
  capHourly: 80,
  capDaily: 500,
  capNewHourly: 20,
  warmupDaily: [50, 200, 500],
};
/** How long a head may look away: an answer, and the tolerance of its wake-up. */
const SLACK_MS = 1_500;

let ledger: TestStore;
let drawn = 0;
afterEach(() => ledger.close());

async function open(rules: LaneDefaults): Promise<Campaign> {
  ledger = await openTestStore({ kind: 'sqlite', rules, random: () => (drawn = (drawn + 0.371) % 1) });
  // Thousands of commits; what a power cut would do is not asked here.
  await ledger.db.knex.raw('PRAGMA synchronous = OFF');
  return await Campaign.open(ledger, rules, () => drawGap(PACE, Math.floor(drawn * DRAWS) / DRAWS));
}

/** The most in any such time. */
function most(times: readonly number[], withinMs: number): number {
  let [first, found] = [0, 0];
  for (const [last, at] of times.entries()) {
    while ((times[first] ?? at) <= at - withinMs) first += 1;
    found = Math.max(found, last - first + 1);
  }
  return found;
}

/** What holds for every campaign: no gap and no cap is passed, and it goes whenever it may. */
function expectKept({ writes }: Campaign, caps: { hourly: number; daily?: number }): void {
  const times = writes.map((write) => write.at);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(PACE.minMs);
  expect(most(times, HOUR)).toBe(caps.hourly);
  if (caps.daily !== undefined) expect(most(times, 24 * HOUR)).toBe(caps.daily);
  const late = writes.slice(1).map(({ at, couldAt }) => at - couldAt);
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...late)).toBeLessThan(SLACK_MS);
}

function claimsOf({ runs }: Campaign): number {
  return [...runs.values()].reduce((sum, run) => sum + run.claims, 0);
}

it('10,000 on one number keep gaps and caps, go whenever they may, and hardly ever ask in vain', async () => {
  const campaign = await open({ ...DEFAULTS, capNewHourly: 0, warmupDaily: [] });
  await campaign.acceptMany(9_999);
  await campaign.drain(450);
  expectKept(campaign, { hourly: 64, daily: 400 });
  expect(claimsOf(campaign)).toBeLessThanOrEqual(3 * 450);
}, 120_000);

it('a new number that writes to strangers keeps its first days and its new conversations too', async () => {
  const campaign = await open(DEFAULTS);
  await campaign.accept(300, 20);
  await campaign.drain(300);
  expectKept(campaign, { hourly: 16 });
  expect(claimsOf(campaign)).toBeLessThanOrEqual(3 * 300);
  expect(Math.max(...[...campaign.runs.values()].map((run) => run.claims))).toBeLessThanOrEqual(4);
}, 120_000);
