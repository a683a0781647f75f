import type { InstallationRow } from '../../src/store/installations/row';
import { describeStores } from './describeStores';
import { installing } from './installing';
import { fresh, grantOf, openLine } from './line';

describeStores('installations step by step', (ledger) => {
  const { store, now, hear, install, isOverdue } = installing(ledger);

  const refuse = (locationId: string, begun?: InstallationRow) =>
    store().installations.setState({ locationId }, 'suspended', 'location_not_active', begun);
  const reinstalled = async (locationId: string) => {
    await hear('UNINSTALL', { locationId });
    ledger().clock.advance(10);
    await hear('INSTALL', { locationId, companyId: 'c' });
  };

  // The sweeper is given a hundred at most: nothing of the cases before may stand in its way.
  beforeEach(() => ledger().db.knex('installations').update({ due_at: null }));

  it("a future location without its company has every company's locations looked through", async () => {
    const companyId = fresh('company');
    await store().installations.installCompany(companyId, { grant: grantOf() });
    await store().installations.recordPage(companyId, { skip: 0, locations: [], size: 0, count: 0, begunAt: now() });
    expect((await store().installations.get(companyId))!.walk_skip).toBeNull();
    const { changed } = await hear('INSTALL', { locationId: fresh('location') });
    expect(changed).toContainEqual({ resourceId: companyId, kind: 'company' });
    expect((await store().installations.get(companyId))!.walk_skip).toBe(0);
  });

  it('a walk keeps its place, takes each page once, and makes what it finds due', async () => {
    const companyId = fresh('company');
    await store().installations.installCompany(companyId, { grant: grantOf() });
    const page = (skip: number) => ({
      locations: Array.from({ length: 100 }, (_, n) => ({
        locationId: `${companyId}-${skip + n}`,
        name: 'N',
        installedAt: null,
      })),
      ...{ skip, size: 100, count: 250, begunAt: now() },
    });
    await store().installations.recordPage(companyId, page(0));
    expect(await store().installations.get(companyId)).toMatchObject({ walk_skip: 100, walk_count: 250 });
    expect((await store().installations.progress()).get(companyId)).toEqual({ known: 100, connected: 0 });
    expect(await store().installations.dueOfCompany(companyId, 10)).toHaveLength(10);
    await store().installations.recordPage(companyId, page(100));
    await store().installations.recordPage(companyId, page(0));
    expect((await store().installations.get(companyId))!.walk_skip).toBe(200);
    await store().installations.recordPage(companyId, {
      ...page(200),
      locations: page(200).locations.slice(0, 50),
      size: 50,
    });
    expect(await store().installations.get(companyId)).toMatchObject({ walk_skip: null, walked_at: now() });
  });

  it('a location is given to one of those who want to do its step; one that was cut off is given out again', async () => {
    const locationId = fresh('location');
    await hear('INSTALL', { locationId });
    const begun = await Promise.all([1, 2, 3].map(() => store().installations.beginStep(locationId)));
    expect(begun.map((one) => one!.kind).sort()).toEqual(['begun', 'later', 'later']);
    ledger().clock.advance(60_000);
    expect((await store().installations.beginStep(locationId))!.kind).toBe('begun');
  });

  it('what is heard during a step makes the next one due, however the step ends', async () => {
    const locationId = fresh('location');
    await hear('INSTALL', { locationId });
    const begun = await store().installations.beginStep(locationId);
    ledger().clock.advance(1_000);
    await hear('UNINSTALL', { locationId });
    expect(await store().installations.endStep(begun!.row, { kind: 'done' })).toBe(0);
  });

  it('fruitless steps come ever later; an end leaves nothing due', async () => {
    const locationId = fresh('location');
    await hear('INSTALL', { locationId });
    const waits: (number | null)[] = [];
    for (let n = 0; n < 3; n++) {
      const begun = (await store().installations.beginStep(locationId))!;
      waits.push(await store().installations.endStep(begun.row, { kind: 'retry', reason: 'ghl_unavailable' }));
      ledger().clock.advance(waits.at(-1)!);
    }
    expect(waits).toEqual([10_000, 60_000, 360_000]);
    ledger().clock.advance(20_000);
    expect(await isOverdue(locationId)).toBe(false);
    ledger().clock.advance(1);
    expect(await isOverdue(locationId)).toBe(true);
    const begun = (await store().installations.beginStep(locationId))!;
    expect(await store().installations.endStep(begun.row, { kind: 'done' })).toBeNull();
    expect((await store().installations.beginStep(locationId))!).toMatchObject({ kind: 'later', ms: null });
  });

  it('locations of a company that has something to do are left to it; it is told itself', async () => {
    const [companyId, locationId] = [fresh('company'), fresh('location')];
    await store().installations.installCompany(companyId, { grant: grantOf() });
    await hear('INSTALL', { locationId, companyId });
    ledger().clock.advance(20_001);
    expect([await isOverdue(companyId), await isOverdue(locationId)]).toEqual([true, false]);
    const begun = (await store().installations.beginStep(companyId))!;
    await store().installations.endStep(begun.row, { kind: 'done' });
    expect([await isOverdue(companyId), await isOverdue(locationId)]).toEqual([false, true]);
  });

  it("a company's tokens for a location are dropped where it was uninstalled meanwhile", async () => {
    const locationId = fresh('location');
    await hear('INSTALL', { locationId, companyId: 'c' });
    ledger().clock.advance(10);
    await hear('UNINSTALL', { locationId });
    const input = { companyId: 'c', grant: grantOf(), begunAt: now() };
    expect(await store().installations.installFromCompany({ locationId }, input)).toBeNull();
    expect(await store().tokens.read(locationId)).toBeNull();
  });

  it.each([
    ['an UNINSTALL', (locationId: string) => hear('UNINSTALL', { locationId }), 'uninstalled'],
    ['an UNINSTALL and an INSTALL', (locationId: string) => reinstalled(locationId), 'pending'],
    ['tokens of its own', (locationId: string) => install(locationId, 'c'), 'installed'],
    ['tokens by another company', (locationId: string) => install(locationId, 'd'), 'installed'],
  ])("a company's refusal that comes after %s suspends nobody", async (_heard, meanwhile, state) => {
    const locationId = fresh('location');
    await hear('INSTALL', { locationId, companyId: 'c' });
    const { row } = (await store().installations.beginStep(locationId))!;
    ledger().clock.advance(10);
    await meanwhile(locationId);
    const { due_at } = (await store().installations.get(locationId))!;
    expect(await refuse(locationId, row)).toEqual([]);
    expect(await store().installations.get(locationId)).toMatchObject({ state, reason: null, due_at });
  });

  it("a company's refusal holds again a location that is held, but not one that stands otherwise by now", async () => {
    const locationId = fresh('location');
    await install(locationId, 'c');
    await refuse(locationId);
    const begun = (await store().installations.get(locationId))!;
    ledger().clock.advance(10);
    await refuse(locationId, begun);
    const again = (await store().installations.get(locationId))!;
    expect(again).toMatchObject({ state: 'suspended', state_since: begun.state_since });
    expect(again.due_at).toBe(begun.due_at! + 10);
    ledger().clock.advance(10);
    const others = [{ state: 'pending' as const }, { state_since: now() }, { company_id: 'd' }, { granted_at: now() }];
    for (const other of others) {
      await refuse(locationId, { ...begun, ...other });
      expect((await store().installations.get(locationId))!.due_at).toBe(again.due_at);
    }
  });

  it('numbers of an uninstalled location are not probed; after a reinstall they are, at once', async () => {
    const line = await openLine(ledger());
    const isDue = async (): Promise<boolean> =>
      (await store().connections.takeDueProbes()).some(({ id }) => id === line.connectionId);
    ledger().clock.advance(120_000);
    await hear('UNINSTALL', { locationId: line.scope.locationId });
    expect(await isDue()).toBe(false);
    await install(line.scope.locationId);
    expect(await isDue()).toBe(true);
  });

  it('what is installed and well is not reconciled; the rest and every company is', async () => {
    const [well, pending, companyId] = [fresh('l'), fresh('l'), fresh('company')];
    await install(well);
    await hear('INSTALL', { locationId: pending });
    await store().installations.installCompany(companyId, { grant: grantOf() });
    const marked = (await store().installations.markForReconcile()).map(({ resourceId }) => resourceId);
    expect(marked).toEqual(expect.arrayContaining([pending, companyId]));
    expect(marked).not.toContain(well);
    expect(await store().installations.markForReconcile(well)).toEqual([{ resourceId: well, kind: 'location' }]);
    expect(await store().installations.markForReconcile(fresh('nobody'))).toEqual([]);
  });

  it('a state is taken once, by one of many', async () => {
    const id = fresh('state');
    const taken = await Promise.all(Array.from({ length: 5 }, () => store().oauthStates.take(id)));
    expect(taken.filter((one) => one)).toHaveLength(1);
  });
});
