import { describeStores } from './describeStores';
import { fresh, openLine } from './line';

describeStores('leases', (ledger) => {
  const leases = () => ledger().store.leases;

  it('let one holder in until their time is over', async () => {
    const name = fresh('lease');
    expect(await leases().take(name, 'one', 1_000)).toBe(true);
    expect(await leases().take(name, 'other', 1_000)).toBe(false);
    ledger().clock.advance(999);
    expect(await leases().take(name, 'other', 1_000)).toBe(false);
    ledger().clock.advance(1);
    expect(await leases().take(name, 'other', 1_000)).toBe(true);
    expect(await leases().take(name, 'one', 1_000)).toBe(false);
  });

  it('are renewed by their holder and given back by nobody else', async () => {
    const name = fresh('lease');
    await leases().take(name, 'one', 1_000);
    ledger().clock.advance(500);
    expect(await leases().take(name, 'one', 1_000)).toBe(true);
    ledger().clock.advance(900);
    await leases().give(name, 'other');
    expect(await leases().take(name, 'other', 1_000)).toBe(false);
    await leases().give(name, 'one');
    expect(await leases().take(name, 'other', 1_000)).toBe(true);
  });

  it('go to one of 20 who ask at once', async () => {
    const name = fresh('lease');
    const asked = Array.from({ length: 20 }, (_, n) => leases().take(name, `holder-${n}`, 1_000));
    expect((await Promise.all(asked)).filter((mine) => mine)).toHaveLength(1);
  });
});

describeStores('gateway posts', (ledger) => {
  const posts = () => ledger().store.posts;
  const mine = async (id: string) => (await posts().takeDue()).filter((post) => post.id === id);

  it('are kept byte for byte and come back ever later until they are applied', async () => {
    const line = await openLine(ledger());
    const raw = Buffer.from([0, 255, 1, 254, 10, 13]);
    const id = await posts().store(line.scope, line.connectionId, raw);
    ledger().clock.advance(20_000);
    expect(await mine(id)).toEqual([]);
    for (const wait of [1, 20_001, 40_001, 80_001]) {
      ledger().clock.advance(wait);
      expect(await mine(id)).toEqual([{ ...line.scope, id, connectionId: line.connectionId, raw }]);
      expect(await mine(id)).toEqual([]);
    }
    await posts().settle(line.scope, id, 'applied');
    ledger().clock.advance(10_000_000);
    expect(await mine(id)).toEqual([]);
  });

  it('come back within the hour, however often they failed', async () => {
    const line = await openLine(ledger());
    const id = await posts().store(line.scope, line.connectionId, Buffer.from('{}'));
    await ledger().db.knex('webhook_posts').where({ id }).update({ tries: 40 });
    ledger().clock.advance(20_001);
    expect(await mine(id)).toHaveLength(1);
    ledger().clock.advance(3_600_001);
    expect(await mine(id)).toHaveLength(1);
  });

  it('that nobody understood are kept and leave the queue', async () => {
    const line = await openLine(ledger());
    const id = await posts().store(line.scope, line.connectionId, Buffer.from('junk'));
    await posts().settle(line.scope, id, 'junk');
    ledger().clock.advance(10_000_000);
    expect(await mine(id)).toEqual([]);
    expect(await ledger().db.knex('webhook_posts').where({ id }).first('state')).toEqual({ state: 'junk' });
  });
});

describeStores('contacts', (ledger) => {
  it('are remembered by address, corrected and forgotten', async () => {
    const scope = { locationId: fresh('location') };
    const { contacts } = ledger().store;
    expect(await contacts.find(scope, 'key-1')).toBeNull();
    await contacts.remember(scope, 'key-1', { contactId: 'c1', conversationId: 'v1', providerId: 'p1' });
    await contacts.remember(scope, 'key-1', { contactId: 'c1', conversationId: null, providerId: null });
    expect(await contacts.find(scope, 'key-1')).toEqual({ contactId: 'c1', conversationId: 'v1', providerId: 'p1' });
    await contacts.remember(scope, 'key-1', { contactId: 'c2', conversationId: null, providerId: null });
    expect(await contacts.find(scope, 'key-1')).toEqual({ contactId: 'c2', conversationId: null, providerId: 'p1' });
    expect(await contacts.find(scope, 'key-2')).toBeNull();
    await contacts.forget(scope, 'key-1');
    expect(await contacts.find(scope, 'key-1')).toBeNull();
  });

  it('are remembered once when ten do it at once', async () => {
    const scope = { locationId: fresh('location') };
    const { contacts } = ledger().store;
    const contact = { contactId: 'c1', conversationId: null, providerId: null };
    await Promise.all(Array.from({ length: 10 }, () => contacts.remember(scope, 'key-1', contact)));
    expect(await contacts.find(scope, 'key-1')).toEqual(contact);
  });
});

describeStores('the audit log', (ledger) => {
  it('says who did what, when', async () => {
    const subject = fresh('subject');
    await ledger().store.audit.write({
      actor: 'operator',
      action: 'message.cancel',
      subject,
      detail: { cancelled: true },
    });
    const row = await ledger().db.knex('audit_log').where({ subject }).first();
    expect(row).toMatchObject({ at: ledger().clock.now, actor: 'operator', detail: '{"cancelled":true}' });
  });
});

describeStores(
  'the clock',
  (ledger) => {
    it("is the database's, and moves on within a transaction", async () => {
      const before = Date.now();
      const { db } = ledger();
      const [first, second] = await db.tx(async (trx) => {
        const at = await db.now(trx);
        await new Promise((resolve) => setTimeout(resolve, 30));
        return [at, await db.now(trx)];
      });
      expect(Math.abs(first - before)).toBeLessThan(5_000);
      expect(second - first).toBeGreaterThanOrEqual(25);
    });
  },
  { realClock: true },
);
