import { describeStores } from './describeStores';
import { fresh, grantOf } from './line';

describeStores('tokens', (ledger) => {
  const { tokens, installations } = {
    tokens: () => ledger().store.tokens,
    installations: () => ledger().store.installations,
  };
  const install = async (grant = grantOf()) => {
    const scope = { locationId: fresh('location') };
    const { version } = await installations().install(scope, { companyId: 'company-1', grant });
    return { scope, version };
  };

  it('begin at version 1 and say how long they are good for', async () => {
    const grant = grantOf(3_600);
    const { scope, version } = await install(grant);
    expect(version).toBe(1);
    const read = await tokens().read(scope.locationId);
    const ages = { expiresInMs: 3_600_000, ageMs: 0, renewingForMs: null };
    expect(read).toEqual({ accessToken: grant.accessToken, version: 1, ...ages });
    ledger().clock.advance(3_600_001);
    expect((await tokens().read(scope.locationId))!.expiresInMs).toBe(-1);
  });

  it('never restart their version, also across a reinstall', async () => {
    const { scope } = await install();
    await tokens().finishRefresh(scope.locationId, 1, grantOf());
    await installations().setState(scope, 'uninstalled', null);
    const grant = grantOf();
    expect((await installations().install(scope, { companyId: null, grant })).version).toBe(3);
    expect((await tokens().read(scope.locationId))!.accessToken).toBe(grant.accessToken);
  });

  it('are refreshed with the refresh token of that version, however often it is tried', async () => {
    const grant = grantOf();
    const { scope } = await install(grant);
    const first = await tokens().beginRefresh(scope.locationId, 1);
    expect(first).toEqual({ kind: 'location', refreshToken: grant.refreshToken, attempt: 1, sinceFirstMs: 0 });
    ledger().clock.advance(4_000);
    const second = await tokens().beginRefresh(scope.locationId, 1);
    expect(second).toEqual({ kind: 'location', refreshToken: grant.refreshToken, attempt: 2, sinceFirstMs: 4_000 });
  });

  it('are not refreshed for a version that is gone', async () => {
    const { scope } = await install();
    await tokens().finishRefresh(scope.locationId, 1, grantOf());
    expect(await tokens().beginRefresh(scope.locationId, 1)).toBeNull();
    expect(await tokens().beginRefresh(fresh('location'), 1)).toBeNull();
    expect(await tokens().beginRefresh(scope.locationId, 2)).toMatchObject({ attempt: 1, sinceFirstMs: 0 });
  });

  it('keep the pair that was stored first when two refreshes end', async () => {
    const { scope } = await install();
    const [mine, theirs] = [grantOf(), grantOf()];
    expect(await tokens().finishRefresh(scope.locationId, 1, mine)).toEqual([]);
    expect(await tokens().finishRefresh(scope.locationId, 1, theirs)).toBeNull();
    expect(await tokens().read(scope.locationId)).toMatchObject({ accessToken: mine.accessToken, version: 2 });
  });

  it('count 20 tries at once as 20, and let one of 20 ends through', async () => {
    const { scope } = await install();
    const begun = await Promise.all(Array.from({ length: 20 }, () => tokens().beginRefresh(scope.locationId, 1)));
    expect(begun.map((one) => one!.attempt).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    const grants = Array.from({ length: 20 }, () => grantOf());
    const ended = await Promise.all(grants.map((grant) => tokens().finishRefresh(scope.locationId, 1, grant)));
    expect(ended.filter((one) => one !== null)).toHaveLength(1);
    const winner = grants[ended.findIndex((one) => one !== null)]!;
    expect(await tokens().read(scope.locationId)).toMatchObject({ accessToken: winner.accessToken, version: 2 });
  });

  it('survive ten installs of one location at once, each with a version of its own', async () => {
    const scope = { locationId: fresh('location') };
    const grants = Array.from({ length: 10 }, () => grantOf());
    const done = await Promise.all(grants.map((grant) => installations().install(scope, { companyId: null, grant })));
    expect(done.map((one) => one.version).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const last = grants[done.findIndex((one) => one.version === 10)]!;
    expect(await tokens().read(scope.locationId)).toMatchObject({ accessToken: last.accessToken, version: 10 });
  });

  it('of a location that has none are null', async () => {
    expect(await tokens().read(fresh('location'))).toBeNull();
  });
});

describeStores('an installation', (ledger) => {
  it('is listed with its state, since when and why', async () => {
    const scope = { locationId: fresh('location') };
    const { installations } = ledger().store;
    await installations.install(scope, { companyId: 'company-9', grant: grantOf() });
    const since = ledger().clock.now;
    ledger().clock.advance(1_000);
    await installations.install(scope, { companyId: null, grant: grantOf() });
    const listed = async () => (await installations.list()).find((one) => one.resource_id === scope.locationId);
    expect(await listed()).toMatchObject({
      state: 'installed',
      state_since: since,
      company_id: 'company-9',
      kind: 'location',
    });
    await installations.setState(scope, 'suspended', 'told by GHL');
    expect(await listed()).toMatchObject({ state: 'suspended', state_since: since + 1_000, reason: 'told by GHL' });
  });

  it('keeps what the location says of itself', async () => {
    const scope = { locationId: fresh('location') };
    const { locations } = ledger().store;
    await locations.describe(scope, { country: 'MY', timezone: 'Asia/Kuala_Lumpur' });
    await locations.describe(scope, { country: null, timezone: null });
    expect(await locations.get(scope)).toMatchObject({
      country: 'MY',
      timezone: 'Asia/Kuala_Lumpur',
      state: 'unknown',
    });
  });

  it('holds a location for a refused version only while that is the stored one', async () => {
    const scope = { locationId: fresh('location') };
    const { installations, locations } = ledger().store;
    const { version } = await installations.install(scope, { companyId: null, grant: grantOf() });
    await installations.install(scope, { companyId: null, grant: grantOf() });
    expect(await installations.holdForToken(scope, version, 'reauth_required', 'test')).toBe(false);
    expect(await locations.get(scope)).toMatchObject({ state: 'installed' });
    expect(await installations.holdForToken(scope, version + 1, 'reauth_required', 'test')).toBe(true);
    expect(await locations.get(scope)).toMatchObject({ state: 'reauth_required' });
  });
});
