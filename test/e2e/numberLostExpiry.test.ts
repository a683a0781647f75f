import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { expectOnlyForward, sentWith, toldOf, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';
import { WAAPIFY_FAULTS } from '../../src/sandbox/waapify';

const NUMBER = '60110000001';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal, { env: { HOLD_MAX_MS: '4000' } });
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

afterEach(() => {
  world.waapify.clearFaults();
  world.waapify.scanQr(INSTANCE, NUMBER);
  expectOnlyForward(world);
});

async function expectExpired(messageId: string): Promise<void> {
  const failed = await untilTold(world, messageId, 'failed');
  expect(failed.error).toMatchObject({
    code: 'expired_while_held',
    message: expect.stringContaining('could not send for too long'),
  });
  const answer = await bridge.admin.message(LOCATION, messageId);
  expect(answer).toMatchObject({ state: 'failed', reason: 'expired_while_held' });
}

async function nextOneIsOut(text: string): Promise<void> {
  await world.agentSends(text);
  await untilSent(world, text);
}

test('lost for longer than HOLD_MAX_MS: what was held fails with its reason; what comes after the return goes out', async () => {
  world.waapify.setState(INSTANCE, 'logged_out');
  const sent = [await world.agentSends('held too long 1'), await world.agentSends('held too long 2')];
  for (const { messageId } of sent) await expectExpired(messageId);
  world.waapify.scanQr(INSTANCE, NUMBER);
  await nextOneIsOut('after the expiry');
  expect(sentWith(world, 'held too long 1')).toHaveLength(0);
  expect(sentWith(world, 'held too long 2')).toHaveLength(0);
  expect(toldOf(world, sent[0]!.messageId)).toEqual(['pending', 'failed']);
});

test.each([
  ['quota', WAAPIFY_FAULTS.quota],
  ['billing', WAAPIFY_FAULTS.billing],
  ['reauth', WAAPIFY_FAULTS.accountGone],
])(
  '%s: held although the number itself answers that it is connected, and failed after HOLD_MAX_MS',
  async (state, fault) => {
    const text = `gateway says ${state}`;
    world.waapify.fault({ ...fault, text, times: 1_000 });
    const { messageId } = await world.agentSends(text);
    await expectExpired(messageId);
    expect(sentWith(world, text)).toHaveLength(0);
    await nextOneIsOut(`after ${state}`);
  },
);

test('the quota is back in time: the message goes out by itself, once', async () => {
  world.waapify.fault({ ...WAAPIFY_FAULTS.quota, text: 'quota for a moment' });
  const { messageId } = await world.agentSends('quota for a moment');
  await untilTold(world, messageId, 'read');
  expect(sentWith(world, 'quota for a moment')).toHaveLength(1);
  expect(toldOf(world, messageId)).not.toContain('failed');
});
