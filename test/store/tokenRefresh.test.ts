import type { TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { fresh, grantOf, openLine } from './line';

const DAY_MS = 86_400_000;

async function installed(ledger: TestStore, expiresInS = 86_400, companyId: string | null = null) {
  const locationId = fresh('location');
  await ledger.store.installations.install({ locationId }, { companyId, grant: grantOf(expiresInS) });
  return locationId;
}

async function company(ledger: TestStore) {
  const companyId = fresh('company');
  await ledger.store.installations.installCompany(companyId, { grant: grantOf() });
  return companyId;
}

const hold = ({ store }: TestStore, locationId: string, version: number, state: 'suspended' | 'reauth_required') =>
  store.installations.holdForToken({ locationId }, version, state, 'test');

/** The ids that are due, of those that the case made. */
async function due({ store }: TestStore, ...ids: string[]): Promise<string[]> {
  const taken = [];
  for (let batch = await store.tokens.takeDue(); batch.length > 0; batch = await store.tokens.takeDue())
    taken.push(...batch.map(({ resourceId }) => resourceId));
  return taken.filter((id) => ids.includes(id)).sort();
}

describeStores('a renewed pair', (ledger) => {
  it.each(['suspended', 'reauth_required'] as const)('ends the hold of a location that was %s', async (state) => {
    const { store } = ledger();
    const line = await openLine(ledger());
    const waiting = await line.accept();
    await hold(ledger(), line.scope.locationId, 1, state);
    expect(await line.claim(waiting)).toMatchObject({ kind: 'wait', reason: state });
    const wakes = await store.tokens.finishRefresh(line.scope.locationId, 1, grantOf());
    expect(wakes!.map(({ messageId }) => messageId)).toEqual([waiting.messageId]);
    expect(await store.locations.get(line.scope)).toMatchObject({ state: 'installed' });
    expect(await line.claim(waiting)).toMatchObject({ kind: 'granted' });
  });

  it('brings nobody back who has uninstalled: its token was erased', async () => {
    const { store, db } = ledger();
    const locationId = await installed(ledger());
    await db.knex('tokens').where({ resource_id: locationId }).update({ access_sealed: null, refresh_sealed: null });
    expect(await store.tokens.finishRefresh(locationId, 1, grantOf())).toBeNull();
    expect(await store.tokens.read(locationId)).toBeNull();
    expect(await store.tokens.beginRefresh(locationId, 1)).toBeNull();
  });

  it('may come without a refresh token: the next one is begun without one', async () => {
    const { store } = ledger();
    const locationId = await installed(ledger());
    await store.tokens.finishRefresh(locationId, 1, { ...grantOf(), refreshToken: undefined });
    expect(await store.tokens.read(locationId)).toMatchObject({ version: 2 });
    expect(await store.tokens.beginRefresh(locationId, 2)).toMatchObject({ refreshToken: null, kind: 'location' });
  });

  it('says since when it is in renewal, until it is renewed', async () => {
    const { store, clock } = ledger();
    const locationId = await installed(ledger());
    expect(await store.tokens.read(locationId)).toMatchObject({ renewingForMs: null });
    await store.tokens.beginRefresh(locationId, 1);
    clock.advance(7_000);
    expect(await store.tokens.read(locationId)).toMatchObject({ renewingForMs: 7_000 });
    await store.tokens.finishRefresh(locationId, 1, grantOf());
    expect(await store.tokens.read(locationId)).toMatchObject({ renewingForMs: null });
  });

  it('of a company holds and releases the company, and makes no location of it', async () => {
    const { store } = ledger();
    const companyId = await company(ledger());
    expect(await store.tokens.beginRefresh(companyId, 1)).toMatchObject({ kind: 'company' });
    expect(await hold(ledger(), companyId, 1, 'reauth_required')).toBe(true);
    expect(await store.locations.get({ locationId: companyId })).toBeNull();
    const locationId = await installed(ledger(), 60, companyId);
    expect(await store.tokens.companyOf(locationId)).toEqual({ companyId, state: 'reauth_required' });
    expect(await store.tokens.finishRefresh(companyId, 1, grantOf())).toEqual([]);
    expect(await store.tokens.companyOf(locationId)).toEqual({ companyId, state: 'installed' });
    expect(await store.locations.get({ locationId: companyId })).toBeNull();
  });

  it('can be minted only by a company that has the app itself', async () => {
    const { store } = ledger();
    expect(await store.tokens.companyOf(await installed(ledger()))).toBeNull();
    expect(await store.tokens.companyOf(await installed(ledger(), 60, fresh('company-without')))).toBeNull();
    expect(await store.tokens.companyOf(await company(ledger()))).toBeNull();
    expect(await store.tokens.companyOf(fresh('nobody'))).toBeNull();
  });
});

describeStores('the tokens that are due', (ledger) => {
  it('are those in the last tenth of their life, of locations and companies alike', async () => {
    const { clock } = ledger();
    const ids = [await installed(ledger()), await company(ledger())].sort();
    const later = await installed(ledger(), 3 * 86_400);
    clock.advance(0.8 * DAY_MS);
    expect(await due(ledger(), ...ids, later)).toEqual([]);
    clock.advance(0.1 * DAY_MS);
    expect(await due(ledger(), ...ids, later)).toEqual(ids);
  });

  it('are given to one of ten callers, and again while they are not renewed', async () => {
    const { store, clock } = ledger();
    const locationId = await installed(ledger(), 60);
    clock.advance(50_000);
    const taken = await Promise.all(Array.from({ length: 10 }, () => store.tokens.takeDue()));
    expect(taken.flat().filter(({ resourceId }) => resourceId === locationId)).toEqual([
      { resourceId: locationId, version: 1 },
    ]);
    clock.advance(10 * 60_000);
    expect(await due(ledger(), locationId)).toEqual([locationId]);
    await store.tokens.finishRefresh(locationId, 1, grantOf());
    clock.advance(10 * 60_000);
    expect(await due(ledger(), locationId)).toEqual([]);
  });

  it('are not those of whoever is to be reconnected, is uninstalled or has none; a suspended one is tried', async () => {
    const { store, db, clock } = ledger();
    const [lost, gone, erased, suspended] = await Promise.all(Array.from({ length: 4 }, () => installed(ledger(), 60)));
    await hold(ledger(), lost!, 1, 'reauth_required');
    await store.installations.setState({ locationId: gone! }, 'uninstalled', null);
    await db.knex('tokens').where({ resource_id: erased }).update({ access_sealed: null });
    await hold(ledger(), suspended!, 1, 'suspended');
    clock.advance(60_000);
    expect(await due(ledger(), lost!, gone!, erased!, suspended!)).toEqual([suspended]);
  });
});
