import { startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { expectOnlyForward, sentWith, toldOf, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

const SECOND = 'sbx-location-2';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  world.ghl.addLocation({ id: SECOND });
  bridge = await startInProcess(world);
  for (const location of [LOCATION, SECOND]) expect((await world.install(location)).status).toBe(200);
});

afterEach(() => expectOnlyForward(world));

test('installed, no number ever connected: 200, failed at once, GHL says what to do', async () => {
  const sent = await world.agentSends('no number yet');
  expect(sent.status).toBe(200);
  // "At once" is within ten seconds (the promise to agents).
  const failed = await untilTold(world, sent.messageId, 'failed', 10_000);
  expect(failed.error).toMatchObject({ code: 'no_connection', message: expect.stringContaining('Connect one') });
  const answer = await bridge.admin.message(LOCATION, sent.messageId);
  expect(answer).toMatchObject({ state: 'failed', reason: 'no_connection' });
  await expect(bridge.temporal.client.workflow.getHandle(answer.workflowId).result()).resolves.toEqual({
    state: 'failed',
  });
  expect((await world.ghl.redeliver(sent.messageId)).status).toBe(200);
  expect(toldOf(world, sent.messageId)).toEqual(['pending', 'failed']);
});

test('the first number, connected later, sends what comes then and not what has failed', async () => {
  const failed = await world.agentSends('too early');
  await untilTold(world, failed.messageId, 'failed');
  await bridge.admin.connect({ locationId: LOCATION, instanceId: INSTANCE, token: world.waapify.token });
  expect((await world.ghl.redeliver(failed.messageId)).status).toBe(200);
  const sent = await world.agentSends('in time');
  await untilTold(world, sent.messageId, 'read');
  expect(sentWith(world, 'too early')).toHaveLength(0);
  expect(toldOf(world, failed.messageId)).toEqual(['pending', 'failed']);
});

test('a number that the gateway has not confirmed yet holds its messages and does not fail them', async () => {
  const instance = world.waapify.addInstance({ token: world.waapify.token, number: '60110000002' });
  await world.waapify.pause();
  await bridge.admin.connect({ locationId: SECOND, instanceId: instance.id, token: world.waapify.token });
  const sent = await world.agentSends('not confirmed yet', { locationId: SECOND });
  const answer = await bridge.admin.untilState(SECOND, sent.messageId, 'waiting');
  expect(['unverified', 'unreachable', undefined]).toContain(answer.reason);
  await world.waapify.resume();
  await bridge.admin.untilState(SECOND, sent.messageId, ['sent', 'delivered', 'read']);
  expect(world.waapify.sends(instance.id).map(({ text }) => text)).toEqual(['not confirmed yet']);
  expect(toldOf(world, sent.messageId)).not.toContain('failed');
});
