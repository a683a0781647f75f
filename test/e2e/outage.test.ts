import { join } from 'node:path';
import { openDb } from '../../src/store/db';
import { eventually } from '../support/adminClient';
import { startAlertReceiver, type AlertReceiver } from '../support/alertPosts';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { useTemporal } from '../support/temporalServer';
import { LOCATION, openWorld, type World } from '../support/world';

const AWAY_MS = 600_000;

const temporal = useTemporal();
let operator: AlertReceiver;
let world: World;

beforeAll(async () => {
  operator = await startAlertReceiver(temporal);
  world = await openWorld(temporal, { env: { ALERT_WEBHOOK_URL: operator.url } });
});

/** As if the bridge had been away for longer than it was. */
async function setBeatBack(): Promise<void> {
  const db = openDb({ kind: 'sqlite', path: join(world.folder, 'bridge.sqlite') });
  expect(await db.knex('beats').decrement('at', AWAY_MS)).toBe(1);
  await db.close();
}

async function sends(bridge: TestBridge, text: string): Promise<void> {
  const { messageId } = await world.agentSends(text);
  await bridge.admin.untilState(LOCATION, messageId, ['sent', 'delivered', 'read']);
}

test('a bridge that comes back after minutes says since when nobody was there, and lists it', async () => {
  const before = await startInProcess(world);
  await installAndConnect(world, before.admin);
  await sends(before, 'Before the outage');
  await before.stop();
  await setBeatBack();
  const after = await startInProcess(world);
  await eventually(() =>
    expect(operator.posts()).toMatchObject([{ kind: 'outage', state: 'open', locationId: LOCATION }]),
  );
  const { body } = await after.admin.call('GET', '/admin/v1/outages');
  const { outages } = body as { outages: { from: string; to: string }[] };
  expect(outages).toMatchObject([{ locationId: LOCATION, state: 'looking', unreceived: [] }]);
  expect(Date.parse(outages[0]!.to) - Date.parse(outages[0]!.from)).toBeGreaterThanOrEqual(AWAY_MS);
  await sends(after, 'After the outage');
});
