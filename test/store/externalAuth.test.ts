import fc from 'fast-check';
import type { ExternalCredentials } from '../../src/store/externalAuth';
import { describeStores } from './describeStores';
import { somebodyWaits } from './lockWait';
import { addressOf, connectInput, fresh, grantOf, typed } from './line';

const DAY_MS = 86_400_000;

function credentials(more: Partial<ExternalCredentials> = {}): ExternalCredentials {
  const baseUrl = 'https://gateway.example.com/api';
  const name = { gateway: 'waapify', baseUrl, instanceId: fresh('INSTANCE') };
  return { ...name, token: fresh('gateway-token'), number: addressOf('own'), ...more };
}

describeStores('external authentication of a location', (ledger) => {
  const store = () => ledger().store;
  const keep = (locationId: string, given: ExternalCredentials) => store().externalAuth.keep({ locationId }, given);
  const install = (locationId: string, companyId: string | null = null) =>
    store().installations.install({ locationId }, { companyId, grant: grantOf() });
  const waiting = (locationId: string) => ledger().db.knex('external_auth_waiting').where({ location_id: locationId });
  const connectionsOf = (locationId: string) => ledger().db.knex('connections').where({ location_id: locationId });

  it('is kept sealed before the install, and bound by it', async () => {
    const locationId = fresh('location');
    const given = credentials({ dialect: 'slash-v2' });
    expect(await keep(locationId, given)).toEqual({ kind: 'kept', changed: true });
    expect(JSON.stringify(await waiting(locationId))).not.toContain(given.token);
    expect(await connectionsOf(locationId)).toEqual([]);
    await install(locationId);
    const [row] = await connectionsOf(locationId);
    expect(row).toMatchObject({ state: 'unverified', instance_id: given.instanceId, gateway: 'waapify' });
    expect(store().connections.endpointOf(row)).toMatchObject({ token: given.token, dialect: 'slash-v2' });
    expect(store().connections.hasNumber(row, given.number)).toBe(true);
    expect(await waiting(locationId)).toEqual([]);
    const audit = await ledger().db.knex('audit_log').where({ location_id: locationId });
    expect(audit).toMatchObject([{ actor: 'external_auth', action: 'connection.connect', subject: row.id }]);
  });

  it('has its number with the install: what comes then waits for the number and does not fail', async () => {
    const locationId = fresh('location');
    const before = await store().messages.acceptOutbound({ locationId }, typed());
    await keep(locationId, credentials());
    await install(locationId);
    const [row] = await connectionsOf(locationId);
    expect((await store().connections.takeDueProbes()).map(({ id }) => id)).toContain(row.id);
    const after = await store().messages.acceptOutbound({ locationId }, typed());
    expect(after).toMatchObject({ connectionId: row.id });
    const moved = await ledger().db.knex('messages').where({ id: before.messageId }).first();
    expect(moved).toMatchObject({ connection_id: row.id, open: 1 });
  });

  it('changes nothing when it comes again, and takes others in the place of the last', async () => {
    const locationId = fresh('location');
    const given = credentials({ dialect: 'slash-v2' });
    await keep(locationId, given);
    const [before] = await waiting(locationId);
    expect(await keep(locationId, { ...given, dialect: undefined })).toEqual({ kind: 'kept', changed: false });
    expect(await waiting(locationId)).toEqual([before]);
    const other = credentials();
    expect(await keep(locationId, other)).toEqual({ kind: 'kept', changed: true });
    expect(await waiting(locationId)).toMatchObject([{ instance_id: other.instanceId, dialect: null }]);
  });

  it('of an installed location is not kept: it can be connected, or is connected already', async () => {
    const locationId = fresh('location');
    const given = credentials();
    await install(locationId);
    expect(await keep(locationId, given)).toEqual({ kind: 'connect', standing: null });
    const { connectionId } = await store().connections.connect({ locationId }, connectInput(given));
    expect(await keep(locationId, given)).toMatchObject({ kind: 'connect', standing: { id: connectionId } });
    expect(await waiting(locationId)).toEqual([]);
  });

  it.each(['suspended', 'reauth_required'] as const)('of a location that is %s is not kept either', async (state) => {
    const locationId = fresh('location');
    await install(locationId);
    await store().installations.setState({ locationId }, state, null);
    expect(await keep(locationId, credentials())).toMatchObject({ kind: 'connect' });
  });

  it('refuses an instance that another location has', async () => {
    const given = connectInput();
    await store().connections.connect({ locationId: fresh('location') }, given);
    const claim = credentials({ instanceId: given.instanceId, baseUrl: given.baseUrl });
    await expect(keep(fresh('location'), claim)).rejects.toMatchObject({ code: 'instance_taken', status: 409 });
  });

  it('refuses an instance that another location waits for, unless it has waited for a day', async () => {
    const [first, second] = [fresh('location'), fresh('location')];
    const given = credentials();
    await keep(first, given);
    await expect(keep(second, given)).rejects.toMatchObject({ code: 'instance_taken' });
    ledger().clock.advance(DAY_MS);
    expect(await keep(second, given)).toEqual({ kind: 'kept', changed: true });
    expect(await waiting(first)).toEqual([]);
  });

  it('gives an instance to one of two that claim it at the same moment', async () => {
    const given = credentials();
    const claims = await Promise.allSettled(Array.from({ length: 6 }, () => keep(fresh('location'), given)));
    const codes = claims.map((claim) =>
      claim.status === 'fulfilled' ? 'kept' : (claim.reason as { code: string }).code,
    );
    expect(codes.sort()).toEqual([...Array<string>(5).fill('instance_taken'), 'kept'].sort());
  });

  it('is bound whichever comes first, when the install comes at the same moment', async () => {
    for (let round = 0; round < 8; round++) {
      const locationId = fresh('location');
      const [kept] = await Promise.all([keep(locationId, credentials()), install(locationId)]);
      const bound = kept.kind === 'connect' ? [] : await connectionsOf(locationId);
      expect([kept.kind, bound.length]).toEqual(kept.kind === 'connect' ? ['connect', 0] : ['kept', 1]);
      expect(await waiting(locationId)).toEqual([]);
    }
  });

  it('sees an install that is under way', async () => {
    const locationId = fresh('location');
    await store().messages.acceptOutbound({ locationId }, typed());
    let kept: ReturnType<typeof keep> | undefined;
    await ledger().db.tx(async (trx) => {
      await trx('locations').where({ location_id: locationId }).update({ state: 'installed' });
      kept = keep(locationId, credentials());
      if (ledger().kind === 'mysql') await Promise.race([kept, somebodyWaits(ledger())]);
    });
    expect(await kept).toEqual({ kind: 'connect', standing: null });
  });

  it('ends the same in whichever order installs and uninstalls come around it', async () => {
    const happens = fc.array(fc.constantFrom('typed', 'installed', 'uninstalled'), { maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(happens, async (story) => {
        const scope = { locationId: fresh('location') };
        const given = credentials();
        const expected = { installed: false, waiting: 0, bound: 0 };
        for (const event of story) {
          if (event === 'uninstalled') await store().installations.setState(scope, 'uninstalled', null);
          if (event === 'installed') await install(scope.locationId);
          if (event === 'typed' && (await keep(scope.locationId, given)).kind === 'connect')
            await store().connections.connect(scope, connectInput(given));
          if (event !== 'typed') expected.installed = event === 'installed';
          else if (expected.bound === 0) expected.waiting = 1;
          if (expected.installed && expected.waiting === 1) [expected.waiting, expected.bound] = [0, 1];
        }
        const found = [(await waiting(scope.locationId)).length, (await connectionsOf(scope.locationId)).length];
        expect(found).toEqual([expected.waiting, expected.bound]);
      }),
      { numRuns: 40 },
    );
  });

  it('loses an instance that another location got before the install, and the install goes on', async () => {
    const locationId = fresh('location');
    const given = credentials();
    await keep(locationId, given);
    await store().connections.connect({ locationId: fresh('location') }, connectInput(given));
    await expect(install(locationId)).resolves.toMatchObject({ version: 1 });
    expect(await connectionsOf(locationId)).toEqual([]);
    expect(await waiting(locationId)).toEqual([]);
    const audit = await ledger().db.knex('audit_log').where({ location_id: locationId });
    expect(audit).toMatchObject([{ action: 'external_auth.instance_taken', subject: given.instanceId }]);
  });

  it('is written down when GHL calls it connected, with what the bridge holds of it', async () => {
    const mark = (locationId: string) => store().externalAuth.markConnected({ locationId }, 1_700_000_000_000);
    const [locationId, company] = [fresh('location'), fresh('company')];
    expect(await mark(locationId)).toBe('nothing');
    await keep(locationId, credentials());
    expect(await mark(locationId)).toBe('waiting');
    await install(locationId);
    expect(await mark(locationId)).toBe('number');
    const other = fresh('location');
    await install(other, company);
    const whom = { token: 'token', approveAll: true, named: [], excluded: [] };
    await store().externalAuth.keepDefault(company, whom);
    expect(await mark(other)).toBe('default');
    const [entry] = await ledger().db.knex('audit_log').where({ location_id: other });
    expect(entry).toMatchObject({ actor: 'ghl', action: 'external_auth.connected' });
    expect(JSON.parse(entry.detail)).toEqual({ at: 1_700_000_000_000, held: 'default' });
  });
});

describeStores("a company's token", (ledger) => {
  const auth = () => ledger().store.externalAuth;
  const install = async (companyId: string | null) => {
    const scope = { locationId: fresh('location') };
    await ledger().store.installations.install(scope, { companyId, grant: grantOf() });
    return scope;
  };
  const whom = { token: 'company-token', approveAll: false, named: [] as string[], excluded: [] as string[] };

  it('serves the locations that are named', async () => {
    const companyId = fresh('company');
    const [named, other] = [await install(companyId), await install(companyId)];
    await auth().keepDefault(companyId, { ...whom, named: [named.locationId], dialect: 'slash-v2' });
    expect(await auth().defaultOf(named)).toEqual({ token: 'company-token', dialect: 'slash-v2' });
    expect(await auth().defaultOf(other)).toBeNull();
  });

  it('serves all that are not excluded, future ones too, once they are installed', async () => {
    const companyId = fresh('company');
    const future = fresh('location');
    const excluded = await install(companyId);
    await auth().keepDefault(companyId, { ...whom, approveAll: true, excluded: [excluded.locationId, future] });
    const later = await install(companyId);
    expect(await auth().defaultOf(later)).toMatchObject({ token: 'company-token' });
    expect(await auth().defaultOf(excluded)).toBeNull();
    await ledger().store.installations.install({ locationId: future }, { companyId, grant: grantOf() });
    expect(await auth().defaultOf({ locationId: future })).toBeNull();
    expect(await auth().defaultOf({ locationId: fresh('location') })).toBeNull();
  });

  it('serves no location of another company, or of none', async () => {
    const companyId = fresh('company');
    const strangers = [await install(fresh('company')), await install(null)];
    const named = strangers.map(({ locationId }) => locationId);
    await auth().keepDefault(companyId, { ...whom, approveAll: true, named });
    for (const stranger of strangers) expect(await auth().defaultOf(stranger)).toBeNull();
  });

  it('changes nothing when it comes again, in whichever order its lists are', async () => {
    const companyId = fresh('company');
    const rows = () => ledger().db.knex('external_auth_companies').where({ company_id: companyId });
    expect(await auth().keepDefault(companyId, { ...whom, named: ['A', 'B'], dialect: 'slash-v2' })).toBe(true);
    const before = await rows();
    ledger().clock.advance(1_000);
    expect(await auth().keepDefault(companyId, { ...whom, named: ['B', 'A'] })).toBe(false);
    expect(await rows()).toEqual(before);
    expect(await auth().keepDefault(companyId, { ...whom, named: ['B'] })).toBe(true);
    expect(await auth().keepDefault(companyId, { ...whom, named: ['B'], token: 'another' })).toBe(true);
    expect(JSON.stringify(await rows())).not.toContain('another');
  });
});
