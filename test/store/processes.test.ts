import { createDatabase, describeMysql, type TestDatabase } from '../support/mysqlServer';
import { openTestStore, type TestStore } from '../support/store';
import { spawnChild } from './child/spawn';
import { fill, hammer, HAMMER_TIMINGS, troubles } from './hammer';
import { connectInput, fresh, grantOf, openLine, typed } from './line';

describeMysql('several processes on one MySQL', () => {
  let database: TestDatabase;
  let stores: TestStore[];
  const open = (realClock = true): Promise<TestStore> =>
    openTestStore({ kind: 'mysql', target: database.url, realClock, timings: HAMMER_TIMINGS, random: Math.random });

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
    expect(await db.knex('schema_migrations')).toHaveLength(1);
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
    await fill(stores, line, 40);
    const granted: string[] = [];
    await Promise.all(stores.map((ledger) => hammer(ledger, [line.scope.locationId], (id) => void granted.push(id))));
    expect(granted).toHaveLength(40);
    expect(new Set(granted).size).toBe(40);
    expect(await troubles(stores[0]!, line)).toEqual([]);
  });

  it('do so as real processes, while messages still come', async () => {
    const lines = [await openLine(stores[0]!), await openLine(stores[0]!)];
    for (const line of lines) await fill(stores, line, 20);
    const ids = lines.map((line) => line.scope.locationId);
    const children = [spawnChild('hammer', database.url, ...ids), spawnChild('hammer', database.url, ...ids)];
    await Promise.all(children.map((child) => child.said('granted')));
    for (const line of lines) await fill(stores, line, 20);
    const said = (await Promise.all(children.map((child) => child.ended()))).flat();
    await hammer(stores[0]!, ids, (id) => said.push(`granted ${id}`));
    const granted = said.filter((one) => one.startsWith('granted'));
    expect(said.filter((one) => !one.startsWith('granted'))).toEqual(['done', 'done']);
    expect(granted).toHaveLength(80);
    expect(new Set(granted).size).toBe(80);
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
    await one.db.knex('locations').where(scope2column(scope)).update({ first_connected_at: 1 });
    const waiting = async (count: number): Promise<void> => {
      for (let n = -1; n < count;) {
        const [rows] = (await one.db.knex.raw(
          "SELECT COUNT(*) AS n FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
        )) as [{ n: number }[]];
        n = rows[0]!.n;
      }
    };
    const began: Promise<unknown>[] = [];
    await one.db.tx(async (trx) => {
      await trx('lanes')
        .where({ id: `park:${scope.locationId}` })
        .forUpdate();
      began.push(one.store.connections.connect(scope, connectInput()));
      await waiting(1);
      began.push(other.store.messages.acceptOutbound(scope, typed()));
      await waiting(2);
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

function scope2column({ locationId }: { locationId: string }): { location_id: string } {
  return { location_id: locationId };
}
