import { eventually } from '../support/adminClient';
import { startAlertReceiver, type AlertReceiver } from '../support/alertPosts';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { expectOnlyForward, sentWith, toldOf, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, PHONE, type World } from '../support/world';
import { WAAPIFY_FAULTS } from '../../src/sandbox/waapify';

const [SERVER, DELIVERED] = [2, 3];
/** Long enough that a receipt that is posted at once is there in time on a busy machine. */
const ALARM_MS = 5_000;
const SILENT = { echo: false, server: false, delivered: false, read: false };

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;
let operator: AlertReceiver;
let connectionId: string;

/** A number of its own for each mode: what its receipts teach is kept. */
beforeEach(async () => {
  operator = await startAlertReceiver(temporal);
  world = await openWorld(temporal, {
    env: { RECEIPT_ALARM_MS: String(ALARM_MS), ALERT_WEBHOOK_URL: operator.url },
  });
  bridge = await startInProcess(world);
  connectionId = await installAndConnect(world, bridge.admin);
  world.waapify.setAuto(INSTANCE, SILENT);
});
afterEach(async () => {
  expectOnlyForward(world);
  await bridge.stop();
});

const untilToldOperator = (posts: string[]) => eventually(() => expect(operator.told()).toEqual(posts));

async function sent(text: string, phone = PHONE): Promise<{ messageId: string; gatewayId: string }> {
  const { messageId } = await world.agentSends(text, { phone });
  const { gatewayId } = await untilSent(world, text);
  await bridge.admin.untilState(LOCATION, messageId, ['sent', 'delivered']);
  return { messageId, gatewayId };
}

test('auto: five messages with an ack and none with a receipt make it none, said in an alert; the five are delivered', async () => {
  const messages = [];
  for (let n = 1; n <= 5; n++) {
    const one = await sent(`auto ${n}`, `+6012111000${n}`);
    messages.push(one);
    await world.waapify.receipt(one.gatewayId, SERVER);
  }
  for (const { messageId } of messages) await untilTold(world, messageId, 'delivered');
  await eventually(() => expect(operator.told()).toContain('open receipts_none'));
  expect(operator.posts().at(-1)).toMatchObject({ connectionId });
  expect(operator.told().filter((post) => post === 'open receipts_missing').length).toBeLessThanOrEqual(1);
  await bridge.stop();
  bridge = await startInProcess(world);
  const next = await sent('auto 6');
  await world.waapify.receipt(next.gatewayId, SERVER);
  await untilTold(world, next.messageId, 'delivered');
  await world.waapify.receipt(next.gatewayId, DELIVERED);
  await eventually(() => expect(operator.told()).toContain('closed receipts_none'));
});

test('auto: a receipt settles it as full; no receipt by the alarm is told once, and closed by the next receipt', async () => {
  const first = await sent('first');
  await world.waapify.receipt(first.gatewayId, DELIVERED);
  await untilTold(world, first.messageId, 'delivered');
  const silent = await sent('silent');
  await world.waapify.receipt(silent.gatewayId, SERVER);
  await untilToldOperator(['open receipts_missing']);
  const next = await sent('next');
  await world.waapify.receipt(next.gatewayId, DELIVERED);
  await untilToldOperator(['open receipts_missing', 'closed receipts_missing']);
  expect((await bridge.admin.message(LOCATION, silent.messageId)).state).toBe('sent');
  expect(toldOf(world, silent.messageId)).toEqual(['pending']);
});

test('a nack: unknown at once, in words, the alarm at once; a later receipt corrects both, and nothing is sent again', async () => {
  world.waapify.fault({ ...WAAPIFY_FAULTS.nack463, text: 'nacked' });
  const { messageId } = await world.agentSends('nacked');
  const { gatewayId } = await untilSent(world, 'nacked');
  const failed = await untilTold(world, messageId, 'failed');
  expect(failed.error).toMatchObject({ code: 'nack', message: expect.stringContaining('Ask the contact') });
  await untilToldOperator(['open receipts_missing']);
  expect(operator.posts()[0]!.text).toContain('refused a message');
  await world.waapify.receipt(gatewayId, DELIVERED);
  await untilTold(world, messageId, 'delivered');
  await untilToldOperator(['open receipts_missing', 'closed receipts_missing']);
  expect(sentWith(world, 'nacked')).toHaveLength(1);
});
