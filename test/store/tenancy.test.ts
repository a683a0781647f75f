import type { Scope } from '../../src/store/context';
import { describeStores } from './describeStores';
import { fresh, openLine } from './line';
import { MESSAGE_ATTACKS } from './tenancyAttacks';
import { INSTALLATION_ATTACKS } from './tenancyInstallations';
import { PEOPLE_ATTACKS } from './tenancyPeopleAttacks';
import { RECONCILE_ATTACKS } from './tenancyReconcile';
import { TENANT_ATTACKS, UNSCOPED } from './tenancyTenants';
import { allBut, columnsOf, NOBODYS, openStranger, openVictim, OWNERS, type Victim } from './tenancyVictim';

/** Every call that takes a location: a new one belongs into one of the lists. */
const ATTACKS = {
  ...MESSAGE_ATTACKS,
  ...TENANT_ATTACKS,
  ...INSTALLATION_ATTACKS,
  ...RECONCILE_ATTACKS,
  ...PEOPLE_ATTACKS,
};

describeStores("another location's name", (ledger) => {
  let victim: Victim;

  beforeAll(async () => {
    victim = await openVictim(ledger());
  });

  it.each(Object.entries(ATTACKS))('finds and changes nothing, unknown to us: %s', async (_name, { call, gets }) => {
    const stranger = { locationId: fresh('stranger') };
    const before = await allBut(ledger(), stranger);
    const got = await call(ledger(), victim, stranger).catch((error: unknown) => (error as { code: string }).code);
    expect(got).toEqual(gets);
    expect(await allBut(ledger(), stranger)).toEqual(before);
    expect(await rowsUnderForeignConnection(stranger)).toEqual([]);
  });

  it.each(Object.entries(ATTACKS))("changes nothing, as another company's location: %s", async (_name, { call }) => {
    const neighbour = await openStranger(ledger());
    const before = await allBut(ledger(), neighbour);
    await call(ledger(), victim, neighbour).catch(() => undefined);
    expect(await allBut(ledger(), neighbour)).toEqual(before);
  });

  /** But for posts: whoever stores one has been found by the secret of its connection. */
  async function rowsUnderForeignConnection({ locationId }: Scope): Promise<string[]> {
    const tables = Object.entries(await columnsOf(ledger())).filter(([, names]) => names.includes('connection_id'));
    const name = { location_id: locationId, connection_id: victim.line.connectionId };
    const rows = tables.map(async ([table]) => ((await ledger().db.knex(table).where(name).first()) ? [table] : []));
    return (await Promise.all(rows)).flat().filter((table) => table !== 'webhook_posts');
  }

  it('beside a claim of its own records no outcome', async () => {
    const line = await openLine(ledger());
    const { partId, attemptToken } = victim.inHand.claim;
    const mixed = { ...(await line.grant(await line.accept())).claim, partId, attemptToken };
    const before = await allBut(ledger(), line.scope);
    const accepted = { kind: 'accepted', gatewayId: 'FORGED' } as const;
    expect(await ledger().store.messages.recordOutcome(mixed, accepted, 0)).toMatchObject({ recorded: false });
    expect(await allBut(ledger(), line.scope)).toEqual(before);
  });

  it('beside a claim of its own records no post to GHL', async () => {
    const line = await openLine(ledger());
    const { partId, attemptToken } = victim.inbound.claim;
    const mixed = { ...(await line.grant(await line.arrives())).claim, partId, attemptToken };
    const before = await allBut(ledger(), line.scope);
    const failed = { kind: 'failed', code: 'forged', text: '' } as const;
    expect(await ledger().store.messages.recordPosted(mixed, failed)).toEqual({ wakes: [] });
    expect(await allBut(ledger(), line.scope)).toEqual(before);
  });

  it('may use the same message keys for itself', async () => {
    const line = await openLine(ledger());
    expect(await line.accept({ messageKey: 'KEY' })).toMatchObject({ duplicate: false });
  });

  it('may store a post under a foreign connection, and nobody ever applies it there', async () => {
    const stranger = { locationId: fresh('stranger') };
    const id = await ledger().store.posts.store(stranger, victim.line.connectionId, Buffer.from('forged'));
    ledger().clock.advance(21_000);
    const post = (await ledger().store.posts.takeDue()).find((one) => one.id === id)!;
    expect(await ledger().store.connections.get(post, post.connectionId)).toBeNull();
  });

  it('opens no session with a context that its owner has exchanged', async () => {
    const { companyId, fingerprint, line } = victim;
    const session = { companyId, fingerprint, userId: 'user-1', role: 'admin' as const, lifeMs: 900_000 };
    const again = { ...session, tokenHash: fresh('hash') };
    expect(await ledger().store.sessions.open(line.scope, again)).toEqual({ kind: 'spent' });
  });

  it('was tried with every call that takes one; every other call says why it takes none', () => {
    const nouns = Object.entries(ledger().store).filter(([, noun]) => typeof noun === 'object');
    const calls = nouns.flatMap(([noun, verbs]) => Object.keys(verbs).map((verb) => `${noun}.${verb}`));
    expect(calls.sort()).toEqual([...Object.keys(ATTACKS), ...Object.keys(UNSCOPED)].sort());
  });

  it('stands in every row: each table says whose its rows are', async () => {
    const columns = Object.entries(await columnsOf(ledger()));
    const ownerless = columns.filter(([, names]) => !OWNERS.some((owner) => names.includes(owner)));
    expect(ownerless.map(([table]) => table).sort()).toEqual(Object.keys(NOBODYS).sort());
    // A line of the audit log may be about the bridge as a whole.
    for (const [table, names] of columns.filter(([name]) => !(name in NOBODYS) && name !== 'audit_log')) {
      const owner = OWNERS.find((one) => names.includes(one))!;
      expect([table, await ledger().db.knex(table).whereNull(owner)]).toEqual([table, []]);
    }
  });
});
