import { eventually } from '../support/adminClient';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { expectOnlyForward, sentWith, timesAsked, toldOf, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

const NUMBER = '60110000001';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal, { env: { RETRY_DEADLINE_MS: '3000' } });
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

afterEach(() => {
  world.waapify.clearFaults();
  expectOnlyForward(world);
});

test('RETRY_DEADLINE_MS: the message fails with its reason, its contact goes on', async () => {
  world.waapify.fault({ end: 'error', message: 'Failed to send the message', text: 'never works', times: 100 });
  const stuck = await world.agentSends('never works');
  const next = await world.agentSends('behind the hopeless one');
  const failed = await untilTold(world, stuck.messageId, 'failed');
  expect(failed.error).toMatchObject({ code: 'retry_deadline', message: expect.stringContaining('kept refusing') });
  await untilTold(world, next.messageId, 'read');
  expect(sentWith(world, 'never works')).toHaveLength(0);
  expect(timesAsked(world, 'never works')).toBe(2);
  expect(toldOf(world, stuck.messageId)).toEqual(['pending', 'failed']);
});

test('a lost number stops the clock: what was refused before is not failed for the time that it was held', async () => {
  world.waapify.fault({ end: 'error', message: 'Failed to send the message', text: 'clock stands', times: 1 });
  const { messageId } = await world.agentSends('clock stands');
  await eventually(async () => {
    expect((await bridge.admin.message(LOCATION, messageId)).reason).toBe('retrying');
  });
  world.waapify.setState(INSTANCE, 'logged_out');
  // Asks at once: the clock is to be stopped before it has run out.
  await world.waapify.connectionEvent(INSTANCE);
  await eventually(async () => {
    expect((await bridge.admin.message(LOCATION, messageId)).reason).toBe('relogin');
  });
  const heldAt = Date.now();
  // Longer than the deadline: a clock that ran on would fail the message at the next refusal.
  await eventually(() => expect(Date.now() - heldAt).toBeGreaterThan(3_500));
  world.waapify.fault({ end: 'error', message: 'Failed to send the message', text: 'clock stands', times: 1 });
  world.waapify.scanQr(INSTANCE, NUMBER);
  await untilSent(world, 'clock stands');
  await untilTold(world, messageId, 'read');
  expect(world.waapify.pendingFaults()).toBe(0);
  expect(sentWith(world, 'clock stands')).toHaveLength(1);
  expect(toldOf(world, messageId)).not.toContain('failed');
});
