import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { eventually } from '../support/adminClient';
import { expectOnlyForward, shownAs, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

const SECOND = { location: 'sbx-location-2', instance: '609ACF2830002', number: '60110000002' };
const THIRD = { location: 'sbx-location-3', instance: '609ACF2830003', number: '60110000003' };
const FOURTH = 'sbx-location-4';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  for (const { location, instance, number } of [SECOND, THIRD]) {
    world.ghl.addLocation({ id: location });
    world.waapify.addInstance({ id: instance, token: world.waapify.token, number });
  }
  world.ghl.addLocation({ id: FOURTH });
  bridge = await startInProcess(world);
});

afterEach(() => expectOnlyForward(world));

async function sendAll(texts: string[], locationId: string): Promise<string[]> {
  const ids = [];
  for (const text of texts) {
    const { status, messageId } = await world.agentSends(text, { locationId });
    expect(status).toBe(200);
    ids.push(messageId);
  }
  return ids;
}

/** Each waits for this reason, in the operator's view and in Temporal's search. */
async function waitsFor(locationId: string, ids: string[], reason: string): Promise<void> {
  for (const id of ids) {
    await eventually(async () => {
      expect(await bridge.admin.message(locationId, id)).toMatchObject({ state: 'waiting', reason });
      expect(await shownAs(bridge, `outbound:${locationId}:${id}`, 'MessageStatus')).toBe('waiting');
    });
  }
}

const textsOn = (instance: string): string[] => world.waapify.sends(instance).map(({ text }) => text);

test('unknown location: 200, waits for the install; install, then number: sent in order and told to GHL', async () => {
  const texts = ['before the install 1', 'before the install 2', 'before the install 3'];
  const ids = await sendAll(texts, LOCATION);
  await waitsFor(LOCATION, ids, 'not_installed');
  const answer = await bridge.admin.message(LOCATION, ids[0]!);
  expect(answer.next).toContain('has not installed the app yet');
  const installed = await world.install();
  expect(installed.status).toBe(200);
  await waitsFor(LOCATION, ids, 'no_connection');
  expect(world.waapify.sends()).toHaveLength(0);
  await bridge.admin.connect({ locationId: LOCATION, instanceId: INSTANCE, token: world.waapify.token });
  for (const id of ids) await untilTold(world, id, 'read');
  expect(textsOn(INSTANCE)).toEqual(texts);
});

test("another location that is not installed: its messages leave on nobody else's number", async () => {
  await installAndConnect(world, bridge.admin);
  const waiting = await sendAll(['of the second location'], SECOND.location);
  await waitsFor(SECOND.location, waiting, 'not_installed');
  await world.agentSends('of the first location');
  await untilSent(world, 'of the first location');
  expect(world.waapify.sends().filter(({ text }) => text === 'of the second location')).toHaveLength(0);
});

test('number first, install later, and a restart of the bridge in between: sent in order, on its own number', async () => {
  const texts = [1, 2, 3, 4].map((n) => `second location, number first ${n}`);
  const ids = await sendAll(texts.slice(0, 2), SECOND.location);
  await bridge.admin.connect({
    locationId: SECOND.location,
    instanceId: SECOND.instance,
    token: world.waapify.token,
  });
  ids.push(...(await sendAll(texts.slice(2), SECOND.location)));
  await waitsFor(SECOND.location, ids, 'not_installed');
  expect(textsOn(SECOND.instance)).toEqual([]);
  await bridge.stop();
  bridge = await startInProcess(world);
  expect((await world.install(SECOND.location)).status).toBe(200);
  for (const id of ids) await untilTold(world, id, 'read');
  expect(textsOn(SECOND.instance).filter((text) => texts.includes(text))).toEqual(texts);
});

test('duplicates while it waits for the install: one send', async () => {
  const [id] = await sendAll(['third location, posted often'], THIRD.location);
  for (let n = 0; n < 5; n++) expect((await world.ghl.redeliver(id!)).status).toBe(200);
  await world.install(THIRD.location);
  await bridge.admin.connect({ locationId: THIRD.location, instanceId: THIRD.instance, token: world.waapify.token });
  await untilTold(world, id!, 'read');
  expect(textsOn(THIRD.instance)).toEqual(['third location, posted often']);
});

test('what failed before the install, when there was no token to tell it with, is told after it', async () => {
  const bad = await world.agentSends('to nobody', { locationId: FOURTH, phone: '+6012' });
  expect(bad.status).toBe(200);
  const { workflowId } = await bridge.admin.untilState(FOURTH, bad.messageId, 'failed');
  const handle = bridge.temporal.client.workflow.getHandle(workflowId);
  await eventually(() => handle.describe());
  await handle.result();
  await world.install(FOURTH);
  const failed = await untilTold(world, bad.messageId, 'failed');
  expect(failed.error!.code).toBe('phone_impossible');
});
