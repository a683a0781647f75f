import type { Priority } from '../../src/domain/requestBudget';
import { createGhlBudget, type GhlBudget } from '../../src/ghl/budget';
import { createDatabase, describeMysql } from '../support/mysqlServer';
import { openStoreAt, type TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { fresh } from './line';

/** Asks for so many requests at once. Returns how many were granted. */
async function crowd(budget: GhlBudget, resourceId: string, size: number, priority: Priority = 'high') {
  const asked = await Promise.allSettled(Array.from({ length: size }, () => budget.take(resourceId, priority)));
  const refused = asked.filter((one) => one.status === 'rejected');
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'ghl_budget' });
  return asked.length - refused.length;
}

describeStores("a location's budget in the store", (ledger) => {
  const budgetOf = () => createGhlBudget(ledger().store.ghlBudget, () => ledger().clock.now);

  it('is 100 in the window, for two who know nothing of each other, and fresh afterwards', async () => {
    const resource = fresh('location');
    const [one, other] = [budgetOf(), budgetOf()];
    const granted = await Promise.all([crowd(one, resource, 130), crowd(other, resource, 130)]);
    expect(granted[0] + granted[1]).toBe(100);
    expect(await crowd(one, fresh('location'), 1)).toBe(1);
    ledger().clock.advance(15_000);
    expect(await crowd(other, resource, 130)).toBe(100);
  });

  it('has a fifth left for urgent requests when bulk work has taken all it may', async () => {
    const resource = fresh('location');
    expect(await crowd(budgetOf(), resource, 130, 'low')).toBe(80);
    expect(await crowd(budgetOf(), resource, 130, 'high')).toBe(20);
  });

  it('is closed by a 429 for everybody and opens by itself', async () => {
    const resource = fresh('location');
    const [one, other] = [budgetOf(), budgetOf()];
    await one.take(resource, 'high');
    await one.heed(resource, { status: 429, headers: { 'retry-after': '20' }, tookMs: 5 });
    await expect(other.take(resource, 'high')).rejects.toMatchObject({ code: 'ghl_budget', retryAfterMs: 20_000 });
    ledger().clock.advance(20_001);
    expect(await crowd(other, resource, 1)).toBe(1);
    expect(await crowd(one, resource, 1)).toBe(1);
  });

  it('is lowered to what GHL says is left', async () => {
    const resource = fresh('location');
    await budgetOf().take(resource, 'high');
    await ledger().store.ghlBudget.lower(resource, { remaining: 7 });
    expect(await crowd(budgetOf(), resource, 130)).toBe(7);
  });

  it('costs one change for several requests', async () => {
    const resource = fresh('location');
    const budget = budgetOf();
    for (let n = 0; n < 20; n++) await budget.take(resource, 'high');
    const row = await ledger().db.knex('ghl_budgets').where({ resource_id: resource }).first();
    expect(Number(row.version)).toBe(4);
  });
});

describeMysql('processes that share a budget', () => {
  it('never exceed it together, however they race', async () => {
    const database = await createDatabase();
    const stores: TestStore[] = [];
    try {
      for (let n = 0; n < 4; n++) stores.push(await openStoreAt(database.url, { kind: 'mysql', realClock: true }));
      const resource = fresh('location');
      const granted = await Promise.all(
        stores.map(({ store }) => crowd(createGhlBudget(store.ghlBudget), resource, 60)),
      );
      const sum = granted.reduce((a, b) => a + b, 0);
      expect(sum).toBeGreaterThan(50);
      expect(sum).toBeLessThanOrEqual(100);
      for (const { store } of stores)
        await expect(createGhlBudget(store.ghlBudget).take(resource, 'low')).rejects.toThrow();
    } finally {
      for (const one of stores) await one.close();
      await database.drop();
    }
  });
});
