import { describeStores } from './describeStores';
import { installing } from './installing';
import { fresh, grantOf } from './line';

describeStores('the company of a location', (ledger) => {
  const { store, now, hear, install, stateOf } = installing(ledger);
  const companyOf = async (locationId: string) => (await store().installations.get(locationId))?.company_id;
  const moves = async (locationId: string): Promise<unknown[]> => {
    const rows = await ledger().db.knex('audit_log').where({ location_id: locationId, action: 'location.moved' });
    return rows.map(({ detail }) => JSON.parse(detail as string) as unknown);
  };
  /** A company with the app, and a location of another one. */
  async function twoCompanies() {
    const [ours, theirs, locationId] = [fresh('company'), fresh('company'), fresh('location')];
    for (const id of [ours, theirs]) await store().installations.installCompany(id, { grant: grantOf() });
    await install(locationId, ours);
    ledger().clock.advance(1_000);
    return { ours, theirs, locationId };
  }
  const listed = (companyId: string, locationId: string) =>
    store().installations.recordPage(companyId, {
      ...{ skip: 0, size: 1, count: 1, begunAt: now() },
      locations: [{ locationId, name: null, installedAt: null }],
    });

  it('is not changed by the list of another one while the location has its access', async () => {
    const { ours, theirs, locationId } = await twoCompanies();
    const before = await store().installations.get(locationId);
    expect(await listed(theirs, locationId)).toEqual([locationId]);
    expect(await store().installations.get(locationId)).toEqual(before);
    expect(await store().locations.get({ locationId })).toMatchObject({ company_id: ours, state: 'installed' });
  });

  it("is the one whose list shows it, once it has lost its access: that one's tokens serve it", async () => {
    const { ours, theirs, locationId } = await twoCompanies();
    await store().installations.holdForToken({ locationId }, 1, 'reauth_required', 'test');
    expect(await listed(theirs, locationId)).toEqual([]);
    expect(await companyOf(locationId)).toBe(theirs);
    expect(await store().installations.dueOfCompany(theirs, 10)).toEqual([locationId]);
    expect(await moves(locationId)).toEqual([{ from: ours, to: theirs }]);
    const late = { companyId: ours, grant: grantOf() };
    expect(await store().installations.installFromCompany({ locationId }, late)).toBeNull();
    await store().installations.installFromCompany({ locationId }, { ...late, companyId: theirs });
    expect(await stateOf(locationId)).toBe('installed');
  });

  it('changes with a newer INSTALL that names another one, and its people lose their sessions', async () => {
    const { ours, theirs, locationId } = await twoCompanies();
    const session = { companyId: ours, userId: 'user-1', role: 'admin' as const, lifeMs: 900_000 };
    const names = { fingerprint: fresh('context'), tokenHash: fresh('hash') };
    await store().sessions.open({ locationId }, { ...session, ...names });
    await hear('INSTALL', { locationId, companyId: theirs });
    expect([await companyOf(locationId), await stateOf(locationId)]).toEqual([theirs, 'installed']);
    expect(await moves(locationId)).toEqual([{ from: ours, to: theirs }]);
    expect(await ledger().db.knex('sessions').where({ location_id: locationId })).toEqual([]);
  });

  it('that waits for its tokens makes them be asked for at once when it is another one', async () => {
    const [ours, theirs, locationId] = [fresh('company'), fresh('company'), fresh('location')];
    for (const id of [ours, theirs]) await store().installations.installCompany(id, { grant: grantOf() });
    const due = () => ledger().db.knex('installations').where({ resource_id: locationId });
    await hear('INSTALL', { locationId, companyId: ours });
    // It was asked for in vain, often: the next time is far off.
    const farOff = now() + 86_400_000;
    await due().update({ due_at: farOff, tries: 9 });
    ledger().clock.advance(1_000);
    await hear('INSTALL', { locationId, companyId: ours });
    expect(await due().first()).toMatchObject({ state: 'pending', due_at: farOff });
    await hear('INSTALL', { locationId, companyId: theirs });
    expect(await due().first()).toMatchObject({ state: 'pending', company_id: theirs, due_at: now(), tries: 0 });
  });

  it('is not changed by an INSTALL from before its tokens, nor by an UNINSTALL', async () => {
    const { ours, theirs, locationId } = await twoCompanies();
    await hear('INSTALL', { locationId, companyId: theirs, at: now() - 1_001 });
    await hear('UNINSTALL', { locationId, companyId: theirs });
    expect([await companyOf(locationId), await stateOf(locationId)]).toEqual([ours, 'uninstalled']);
    expect(await moves(locationId)).toEqual([]);
  });

  it('holds for it: the UNINSTALL of the one before leaves a location that was handed over alone', async () => {
    const { ours, theirs, locationId } = await twoCompanies();
    await hear('INSTALL', { locationId, companyId: theirs });
    ledger().clock.advance(1_000);
    await hear('UNINSTALL', { companyId: ours });
    expect(await stateOf(locationId)).toBe('installed');
    await hear('UNINSTALL', { companyId: theirs });
    expect(await stateOf(locationId)).toBe('uninstalled');
  });
});

describeStores('what an UNINSTALL takes along', (ledger) => {
  const { store, now, hear, install } = installing(ledger);
  const whom = { token: 'company-token', approveAll: true, named: [], excluded: [] };
  const keepDefault = (companyId: string) => store().externalAuth.keepDefault(companyId, whom);
  const keep = (locationId: string) => {
    const typed = { token: 'typed', number: { channel: 'whatsapp' as const, value: '+60110000009' } };
    const name = { gateway: 'waapify', baseUrl: 'https://gateway.example.com', instanceId: fresh('INSTANCE') };
    return store().externalAuth.keep({ locationId }, { ...name, ...typed });
  };
  const rows = (table: string, where: object) => ledger().db.knex(table).where(where);
  const defaultsOf = (companyId: string) => rows('external_auth_companies', { company_id: companyId });
  const waitingOf = (locationId: string) => rows('external_auth_waiting', { location_id: locationId });

  it("of a company: the gateway's token that it gave for its locations; reinstalled it has to be given again", async () => {
    const [companyId, other, locationId] = [fresh('company'), fresh('company'), fresh('location')];
    await store().installations.installCompany(companyId, { grant: grantOf() });
    await install(locationId, companyId);
    await keepDefault(companyId);
    await keepDefault(other);
    ledger().clock.advance(1_000);
    await hear('UNINSTALL', { companyId });
    expect(await defaultsOf(companyId)).toEqual([]);
    expect(await defaultsOf(other)).toHaveLength(1);
    ledger().clock.advance(1_000);
    await store().installations.installCompany(companyId, { grant: grantOf() });
    await install(locationId, companyId);
    expect(await store().externalAuth.defaultOf({ locationId })).toBeNull();
    await keepDefault(companyId);
    expect(await store().externalAuth.defaultOf({ locationId })).toMatchObject({ token: 'company-token' });
  });

  it('that comes late: what was kept since it happened stays', async () => {
    const [companyId, locationId] = [fresh('company'), fresh('location')];
    const before = now();
    ledger().clock.advance(1_000);
    await keepDefault(companyId);
    await keep(locationId);
    await hear('UNINSTALL', { companyId, at: before });
    await hear('UNINSTALL', { locationId, at: before });
    expect([await defaultsOf(companyId), await waitingOf(locationId)]).toMatchObject([[{}], [{}]]);
  });

  it('of a location: credentials that wait for its install, and its sessions; a page opened before stays closed', async () => {
    const [locationId, companyId] = [fresh('location'), fresh('company')];
    await keep(locationId);
    ledger().clock.advance(1_000);
    await hear('UNINSTALL', { locationId });
    expect(await waitingOf(locationId)).toEqual([]);
    ledger().clock.advance(1_000);
    await install(locationId, companyId);
    const names = { fingerprint: fresh('context'), tokenHash: fresh('hash') };
    const session = { companyId, userId: 'user-1', role: 'admin' as const, lifeMs: 900_000 };
    await store().sessions.open({ locationId }, { ...session, ...names });
    ledger().clock.advance(1_000);
    await hear('UNINSTALL', { locationId });
    expect(await rows('sessions', { location_id: locationId })).toEqual([]);
    ledger().clock.advance(1_000);
    await install(locationId, companyId);
    expect(await store().sessions.find(names.tokenHash)).toBeNull();
  });

  it('and what nobody ever installed for goes by its age', async () => {
    const [companyId, live, locationId] = [fresh('company'), fresh('company'), fresh('location')];
    await store().installations.installCompany(live, { grant: grantOf() });
    for (const id of [companyId, live]) await keepDefault(id);
    await keep(locationId);
    ledger().clock.advance(1_000);
    await store().externalAuth.expire(1_000);
    expect([await defaultsOf(companyId), await waitingOf(locationId)]).toMatchObject([[{}], [{}]]);
    ledger().clock.advance(1);
    expect(await store().externalAuth.expire(1_000)).toBeGreaterThanOrEqual(2);
    expect([await defaultsOf(companyId), await waitingOf(locationId)]).toEqual([[], []]);
    expect(await defaultsOf(live)).toHaveLength(1);
  });
});

describeStores('a plan', (ledger) => {
  const { store, now, hear, install } = installing(ledger);

  it('is the newest by time, in whichever order its events come', async () => {
    const locationId = fresh('location');
    await install(locationId);
    const plan = async () => (await store().installations.get(locationId))?.plan_id;
    await hear('PLAN_CHANGE', { locationId, planId: 'new', at: now() + 20 });
    await hear('PLAN_CHANGE', { locationId, planId: 'old', at: now() + 10 });
    await hear('INSTALL', { locationId, planId: 'older', at: now() });
    expect(await plan()).toBe('new');
    await hear('PLAN_CHANGE', { locationId, planId: null, at: now() + 30 });
    expect(await plan()).toBe('new');
    await hear('PLAN_CHANGE', { locationId, planId: 'newest', at: now() + 40 });
    expect(await plan()).toBe('newest');
  });
});
