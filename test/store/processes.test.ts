import { createDatabase, describeMysql, type TestDatabase } from '../support/mysqlServer';
import { openStoreAt, type TestStore } from '../support/storeAt';
import { spawnChild } from './child/spawn';
import { fill, hammer, HAMMER_OPTIONS, troubles } from './hammer';
import { connectInput, fresh, grantOf, openLine, typed } from './line';

describeMysql('several processes on one MySQL', () => {
  let database: TestDatabase;
  let stores: TestStore[];
  const options = { kind: 'mysql' as const, realClock: true, ...HAMMER_OPTIONS, random: Math.random };
  const open = (): Promise<TestStore> => openStoreAt(database.url, options);

  beforeAll(async () => {
    database = await createDatabase();
    stores = await Promise.all([open(), open(), open(), open()]);
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await database.drop();
  });

  it('may start at once on an empty database, and agree on its schema and its keys', async () => {
    const { db } = stores[0]!;
    const applied: string[] = await db.knex('schema_migrations').orderBy('id').pluck('name');
    expect(applied[0]).toBe('0001_initial');
    expect(new Set(applied).size).toBe(applied.length);
    expect(await db.knex('vault')).toHaveLength(1);
    const line = await openLine(stores[0]!);
    const keys = await Promise.all(
      stores.map(async (ledger) => {
        const message = await ledger.store.messages.acceptOutbound(line.scope, typed({ to: 'anna' }));
        return (await line.message(message)).address_key;
      }),
    );
    expect(new Set(keys).size).toBe(1);
  });

  it('start although a process was killed while it migrated', async () => {
    await stores[0]!.db.knex('schema_migrations_lock').update({ is_locked: 1 });
    await (await open()).close();
    expect(await stores[0]!.db.knex('schema_migrations_lock').first('is_locked')).toEqual({ is_locked: 0 });
  });

  it("send each part once, with its gap and in its contact's order, whoever claims it", async () => {
    const line = await openLine(stores[0]!);
    await fill(stores, line, 24);
    const granted: string[] = [];
    await Promise.all(
      stores.slice(2).map((ledger) => hammer(ledger, [line.scope.locationId], (id) => void granted.push(id))),
    );
    expect(granted).toHaveLength(24);
    expect(new Set(granted).size).toBe(24);
    expect(await troubles(stores[0]!, line)).toEqual([]);
  });

  it('do so as real processes, while messages still come', async () => {
    const lines = [await openLine(stores[0]!), await openLine(stores[0]!)];
    for (const line of lines) await fill(stores, line, 10);
    const ids = lines.map((line) => line.scope.locationId);
    const children = [spawnChild('hammer', database.url, ...ids), spawnChild('hammer', database.url, ...ids)];
    await Promise.all(children.map((child) => child.said('granted')));
    for (const line of lines) await fill(stores, line, 10);
    const said = (await Promise.all(children.map((child) => child.ended()))).flat();
    await hammer(stores[0]!, ids, (id) => said.push(`granted ${id}`));
    const granted = said.filter((one) => one.startsWith('granted'));
    expect(said.filter((one) => !one.startsWith('granted'))).toEqual(['done', 'done']);
    expect(granted).toHaveLength(40);
    expect(new Set(granted).size).toBe(40);
    for (const line of lines) expect(await troubles(stores[0]!, line)).toEqual([]);
  });

  it('run a transaction again that the database gave up in a deadlock', async () => {
    const [one, other] = [stores[0]!, stores[1]!];
    const names = [fresh('lease'), fresh('lease')];
    for (const name of names) await one.store.leases.take(name, 'nobody', 1);
    const before = one.reruns() + other.reruns();
    const firsts: (() => void)[] = [];
    const both = new Promise<void>((resolve) => firsts.push(resolve));
    let arrived = 0;
    const lockBoth = (ledger: TestStore, order: string[]): Promise<number> =>
      ledger.db.tx(async (trx) => {
        for (const name of order) {
          await trx('leases').where({ name }).forUpdate().first();
          if (++arrived === 2) firsts[0]!();
          await both;
        }
        return await trx('leases').where({ name: order[0] }).increment('until', 1);
      });
    await Promise.all([lockBoth(one, names), lockBoth(other, [...names].reverse())]);
    expect(one.reruns() + other.reruns()).toBe(before + 1);
  });

  it('leave nothing parked that was accepted while the number was being connected', async () => {
    const [one, other] = [stores[0]!, stores[1]!];
    const scope = { locationId: fresh('location') };
    await one.store.installations.install(scope, { companyId: null, grant: grantOf() });
    await one.db.knex('locations').where({ location_id: scope.locationId }).update({ first_connected_at: 1 });
    const began: Promise<unknown>[] = [];
    await one.db.tx(async (trx) => {
      await trx('lanes')
        .where({ id: `park:${scope.locationId}` })
        .forUpdate();
      began.push(one.store.connections.connect(scope, connectInput()));
      await lockWaits(one, 1);
      began.push(other.store.messages.acceptOutbound(scope, typed()));
      await lockWaits(one, 2);
    });
    const [connected, accepted] = (await Promise.all(began)) as [{ connectionId: string }, { connectionId: string }];
    expect(accepted.connectionId).toBe(connected.connectionId);
  });

  it('read what is committed, by a clock that knows no summer time', async () => {
    const [rows] = (await stores[0]!.db.knex.raw(
      'SELECT @@session.time_zone AS zone, @@session.transaction_isolation AS isolation',
    )) as [Record<string, string>[]];
    expect(rows[0]).toEqual({ zone: '+00:00', isolation: 'READ-COMMITTED' });
  });
});

/** Waits until so many transactions wait for a lock. InnoDB's list is not renewed while it is read all the time. */
async function lockWaits({ db }: TestStore, count: number): Promise<void> {
  const sql = "SELECT COUNT(*) AS n FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
  for (;;) {
    const [rows] = (await db.knex.raw(sql)) as [{ n: number }[]];
    if (rows[0]!.n >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
