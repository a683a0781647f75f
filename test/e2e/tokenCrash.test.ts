import { eventually } from '../support/adminClient';
import { startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { startProcess } from '../support/bridgeProcess';
import { startRelay } from '../support/crashRelay';
import { describeMysql } from '../support/mysqlServer';
import { useTemporal } from '../support/temporalServer';
import { LOCATION, openWorld, type World } from '../support/world';

/** A dead worker is noticed after 8 seconds, and two cores may be shared by several such worlds. */
jest.setTimeout(120_000);

describeMysql('a worker is killed while it renews a token (MySQL)', () => {
  const temporal = useTemporal();
  let world: World;
  let ingress: TestBridge;

  beforeAll(async () => {
    world = await openWorld(temporal, { store: 'mysql' });
    ingress = await startInProcess(world, { roles: ['ingress'] });
    expect((await world.install()).status).toBe(200);
  });

  const read = async () => (await ingress.app.store.tokens.read(LOCATION))!;
  const refreshes = () =>
    world.ghl.journal.entries.filter(({ summary, operation }) => operation === 'token' && summary === 'refresh_token');

  test('between the answer and the store: the same token is posted again, and its pair stored', async () => {
    const database = new URL((await world.env()).DATABASE_URL!);
    const relay = await startRelay(Number(database.port));
    temporal.onEnd(relay.stop);
    database.host = `127.0.0.1:${relay.port}`;
    const doomed = await startProcess(world, { role: 'worker', env: { DATABASE_URL: database.href } });
    const storing = relay.holdAnswer('update `tokens` set `version`');
    await ingress.app.starter.refreshToken(LOCATION, 1, 'now');
    await storing.reached;
    expect(refreshes()).toMatchObject([{ status: 200 }]);
    await doomed.kill();
    expect(await read()).toMatchObject({ version: 1 });
    await startProcess(world, { role: 'worker' });
    await eventually(async () => expect(await read()).toMatchObject({ version: 2 }), 28_000);
    expect(refreshes()).toMatchObject([{ status: 200 }, { status: 200 }]);
    const { accessToken } = await read();
    const access = { accessToken, resourceId: LOCATION, priority: 'high' as const };
    await expect(ingress.app.ghl.getLocation(access, LOCATION)).resolves.toMatchObject({ country: 'MY' });
    expect(await ingress.app.store.locations.get({ locationId: LOCATION })).toMatchObject({ state: 'installed' });
  });
});
