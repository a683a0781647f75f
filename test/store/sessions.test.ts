import type { TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { fresh, grantOf } from './line';

const LIFE_MS = 900_000;
const DAY_MS = 86_400_000;

describeStores('sessions', (ledger) => {
  const sessions = () => ledger().store.sessions;
  const installed = async () => {
    const scope = { locationId: fresh('location') };
    const companyId = fresh('company');
    await ledger().store.installations.install(scope, { companyId, grant: grantOf() });
    return { scope, companyId };
  };
  const inputOf = (companyId: string) => ({
    ...{ companyId, userId: 'user-1', role: 'admin' as const, lifeMs: LIFE_MS },
    ...{ fingerprint: fresh('context'), tokenHash: fresh('hash') },
  });

  it('are opened for a live installation and found by the hash of their token until they are over', async () => {
    const { scope, companyId } = await installed();
    const input = inputOf(companyId);
    const expiresAt = ledger().clock.now + LIFE_MS;
    const session = { ...scope, companyId, userId: 'user-1', role: 'admin', expiresAt };
    expect(await sessions().open(scope, input)).toEqual({ kind: 'opened', session });
    expect(await sessions().find(input.tokenHash)).toEqual(session);
    expect(await sessions().find(input.tokenHash.toUpperCase())).toBeNull();
    ledger().clock.advance(LIFE_MS - 1);
    expect(await sessions().find(input.tokenHash)).not.toBeNull();
    ledger().clock.advance(1);
    expect(await sessions().find(input.tokenHash)).toBeNull();
  });

  it('are given once for a context, to one of ten who ask at once', async () => {
    const { scope, companyId } = await installed();
    const input = inputOf(companyId);
    const asked = Array.from({ length: 10 }, () => sessions().open(scope, { ...input, tokenHash: fresh('hash') }));
    const kinds = (await Promise.all(asked)).map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['opened', ...Array.from({ length: 9 }, () => 'spent')]);
    expect(await ledger().db.knex('sessions').where({ location_id: scope.locationId })).toHaveLength(1);
  });

  it('are not opened for another company, an unknown location or an uninstalled one; the context stays unspent', async () => {
    const { scope, companyId } = await installed();
    const input = inputOf(companyId);
    const nobody = { locationId: fresh('nobody') };
    expect(await sessions().open(scope, { ...input, companyId: fresh('company') })).toEqual({ kind: 'not_live' });
    expect(await sessions().open(nobody, input)).toEqual({ kind: 'not_live' });
    await setState(ledger(), scope, 'uninstalled');
    expect(await sessions().open(scope, input)).toEqual({ kind: 'not_live' });
    await setState(ledger(), scope, 'installed');
    expect(await sessions().open(scope, input)).toMatchObject({ kind: 'opened' });
  });

  it('are not opened for a location of which no company is known', async () => {
    const scope = { locationId: fresh('location') };
    await ledger().store.installations.install(scope, { companyId: null, grant: grantOf() });
    expect(await sessions().open(scope, inputOf(''))).toEqual({ kind: 'not_live' });
  });

  it('serve while the location is held, for the page says what to do; not once it is uninstalled', async () => {
    const { scope, companyId } = await installed();
    const input = inputOf(companyId);
    await sessions().open(scope, input);
    for (const state of ['suspended', 'reauth_required', 'installed']) {
      await setState(ledger(), scope, state);
      expect(await sessions().find(input.tokenHash)).not.toBeNull();
    }
    for (const state of ['uninstalled', 'unknown']) {
      await setState(ledger(), scope, state);
      expect(await sessions().find(input.tokenHash)).toBeNull();
    }
  });

  it('serve no more when the location has gone to another company', async () => {
    const { scope, companyId } = await installed();
    const input = inputOf(companyId);
    await sessions().open(scope, input);
    await ledger().db.knex('locations').where({ location_id: scope.locationId }).update({ company_id: 'another' });
    expect(await sessions().find(input.tokenHash)).toBeNull();
  });

  it('are deleted when they are over, and what was exchanged is remembered for longer', async () => {
    const { scope, companyId } = await installed();
    const [old, young] = [inputOf(companyId), inputOf(companyId)];
    const left = (table: string) => ledger().db.knex(table).where({ location_id: scope.locationId });
    await sessions().open(scope, old);
    ledger().clock.advance(LIFE_MS);
    await sessions().open(scope, young);
    await sessions().expire(DAY_MS);
    expect(await left('sessions').pluck('token_hash')).toEqual([young.tokenHash]);
    expect(await left('spent_contexts')).toHaveLength(2);
    ledger().clock.advance(DAY_MS - LIFE_MS + 1);
    await sessions().expire(DAY_MS);
    expect(await left('sessions')).toEqual([]);
    expect(await left('spent_contexts').pluck('fingerprint')).toEqual([young.fingerprint]);
    expect(await sessions().expire(DAY_MS)).toBe(0);
  });
});

async function setState({ db }: TestStore, { locationId }: { locationId: string }, state: string): Promise<void> {
  await db.knex('locations').where({ location_id: locationId }).update({ state });
}
