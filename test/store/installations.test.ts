import fc from 'fast-check';
import { describeStores } from './describeStores';
import { installing } from './installing';
import { fresh, grantOf } from './line';

describeStores('installations', (ledger) => {
  const { store, now, event, hear, install, stateOf } = installing(ledger);
  const gateOf = async (locationId: string): Promise<string | undefined> =>
    (await store().locations.get({ locationId }))?.state;

  it('INSTALL first: pending, and messages wait as before any install; then the tokens', async () => {
    const locationId = fresh('location');
    const { changed } = await hear('INSTALL', { locationId, companyId: 'c' });
    expect(changed).toEqual([{ resourceId: locationId, kind: 'location' }]);
    expect([await stateOf(locationId), await gateOf(locationId)]).toEqual(['pending', 'unknown']);
    await install(locationId);
    expect([await stateOf(locationId), await gateOf(locationId)]).toEqual(['installed', 'installed']);
  });

  it('tokens first: a later-coming INSTALL changes nothing', async () => {
    const locationId = fresh('location');
    const at = now();
    ledger().clock.advance(1_000);
    await install(locationId);
    await hear('INSTALL', { locationId, at });
    expect(await stateOf(locationId)).toBe('installed');
    expect((await store().tokens.read(locationId))!.version).toBe(1);
  });

  it('UNINSTALL takes the tokens away at once, and a refresh in flight does not bring them back', async () => {
    const locationId = fresh('location');
    await install(locationId);
    await store().tokens.beginRefresh(locationId, 1);
    ledger().clock.advance(1_000);
    await hear('UNINSTALL', { locationId });
    expect([await stateOf(locationId), await gateOf(locationId)]).toEqual(['uninstalled', 'uninstalled']);
    expect(await store().tokens.read(locationId)).toBeNull();
    expect(await store().tokens.finishRefresh(locationId, 1, grantOf())).toBeNull();
    const row = await ledger().db.knex('tokens').where({ resource_id: locationId }).first();
    expect([row.access_sealed, row.refresh_sealed]).toEqual([null, null]);
  });

  it('after a reinstall the token version goes on', async () => {
    const locationId = fresh('location');
    await install(locationId);
    ledger().clock.advance(1_000);
    await hear('UNINSTALL', { locationId });
    const { version } = await install(locationId);
    expect(version).toBeGreaterThan(1);
    expect(await stateOf(locationId)).toBe('installed');
  });

  it('an older INSTALL, or UNINSTALL, after a newer one changes nothing', async () => {
    const locationId = fresh('location');
    await hear('UNINSTALL', { locationId, at: now() });
    await hear('INSTALL', { locationId, at: now() - 1 });
    expect(await stateOf(locationId)).toBe('uninstalled');
    await hear('INSTALL', { locationId, at: now() + 2 });
    await hear('UNINSTALL', { locationId, at: now() + 1 });
    expect(await stateOf(locationId)).toBe('pending');
  });

  it('ends the same in whatever order webhooks come, late and twice, around the browser', async () => {
    const step = fc.constantFrom('INSTALL' as const, 'UNINSTALL' as const, 'callback' as const);
    // A webhook comes up to four steps late; the browser is never late, for GHL would refuse its code.
    const steps = fc.array(fc.record({ what: step, late: fc.nat(4), twice: fc.boolean() }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(steps, async (timeline) => {
        const locationId = fresh('location');
        const begin = now();
        const arrivals = timeline.flatMap(({ what, late, twice }, n) => {
          const one = {
            what,
            at: begin + n * 10,
            comes: what === 'callback' ? n * 10 : (n + late) * 10 + 5,
            id: fresh('e'),
          };
          return twice ? [one, { ...one, comes: one.comes + 20 }] : [one];
        });
        for (const { what, at, comes, id } of arrivals.sort((a, b) => a.comes - b.comes)) {
          ledger().clock.now = Math.max(now(), begin + comes);
          if (what !== 'callback') await hear(what, { locationId, at, id });
          else if (at === begin + comes)
            await store().installations.install({ locationId }, { companyId: null, grant: grantOf(), begunAt: at });
        }
        const expected = timeline.reduce<string | undefined>((state, { what }) => {
          if (what === 'UNINSTALL') return 'uninstalled';
          if (what === 'callback') return 'installed';
          return state === 'installed' ? state : 'pending';
        }, undefined);
        expect(await stateOf(locationId)).toBe(expected);
        expect((await store().tokens.read(locationId)) !== null).toBe(expected === 'installed');
        ledger().clock.advance(1_000);
      }),
      { numRuns: ledger().kind === 'sqlite' ? 150 : 40 },
    );
  });

  it('an event is applied once in seven days, also when it comes 10 times at once', async () => {
    const locationId = fresh('location');
    const one = event('INSTALL', { locationId });
    const applied = await Promise.all(Array.from({ length: 10 }, () => store().appEvents.apply(one)));
    expect(applied.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    ledger().clock.advance(7 * 86_400_000 - 1);
    await store().appEvents.expire();
    expect((await store().appEvents.apply(one)).duplicate).toBe(true);
    ledger().clock.advance(2);
    expect(await store().appEvents.expire()).toBeGreaterThan(0);
    expect((await store().appEvents.apply(one)).duplicate).toBe(false);
  });

  it("an agency's UNINSTALL holds for all its locations, for late ones too, and for nobody else's", async () => {
    const companyId = fresh('company');
    const [one, two, late, foreign] = [fresh('l'), fresh('l'), fresh('l'), fresh('l')];
    await store().installations.installCompany(companyId, { grant: grantOf() });
    await install(one, companyId);
    await install(two, companyId);
    await install(foreign, fresh('company'));
    const before = now();
    ledger().clock.advance(1_000);
    const { changed } = await hear('UNINSTALL', { companyId });
    expect(changed).toEqual([{ resourceId: companyId, kind: 'company' }]);
    expect(await store().installations.dueOfCompany(companyId, 10)).toEqual(expect.arrayContaining([one, two]));
    for (const id of [companyId, one, two]) {
      expect(await stateOf(id)).toBe('uninstalled');
      expect(await store().tokens.read(id)).toBeNull();
    }
    expect(await stateOf(foreign)).toBe('installed');
    await hear('INSTALL', { locationId: late, companyId, at: before });
    expect(await stateOf(late)).toBe('uninstalled');
  });

  it('a plan and an external authentication are noted, of installations alone', async () => {
    const locationId = fresh('location');
    await hear('PLAN_CHANGE', { locationId, planId: 'plan-2' });
    expect(await store().installations.get(locationId)).toBeNull();
    await install(locationId);
    await hear('PLAN_CHANGE', { locationId, planId: 'plan-2' });
    await hear('EXTERNAL_AUTH_CONNECTED', { locationId });
    expect(await store().installations.get(locationId)).toMatchObject({ plan_id: 'plan-2', external_auth_at: now() });
  });
});
