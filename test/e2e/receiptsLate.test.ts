import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { eventually } from '../support/adminClient';
import { expectOnlyForward, sentWith, toldOf, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

const DELIVERED = 3;
const READ = 4;

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal, { env: { RECEIPT_WAIT_MS: '3000' } });
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
  world.waapify.setAuto(INSTANCE, { echo: true, server: false, delivered: false, read: false });
});

afterEach(() => expectOnlyForward(world));

const handleOf = (messageId: string) => bridge.temporal.client.workflow.getHandle(`outbound:${LOCATION}:${messageId}`);

/** Resolves with the id of the run that has ended: no receipt is awaited any more. */
async function runEnded(messageId: string, state: string): Promise<string> {
  const { runId } = await eventually(() => handleOf(messageId).describe());
  await expect(handleOf(messageId).result()).resolves.toEqual({ state });
  return runId;
}

test('late read after the run has ended: a new run tells only what advanced', async () => {
  const { messageId } = await world.agentSends('read tomorrow');
  const { gatewayId } = await untilSent(world, 'read tomorrow');
  await world.waapify.receipt(gatewayId, DELIVERED);
  const first = await runEnded(messageId, 'delivered');
  await world.waapify.receipt(gatewayId, DELIVERED);
  await world.waapify.receipt(gatewayId, READ);
  await untilTold(world, messageId, 'read');
  await expect(handleOf(messageId).result()).resolves.toEqual({ state: 'read' });
  expect((await handleOf(messageId).describe()).runId).not.toBe(first);
  expect(toldOf(world, messageId)).toEqual(['pending', 'delivered', 'read']);
  expect(sentWith(world, 'read tomorrow')).toHaveLength(1);
});

test('no receipt within RECEIPT_WAIT_MS: unknown, told in words; late ones correct it step by step', async () => {
  const { messageId } = await world.agentSends('silent phone');
  const { gatewayId } = await untilSent(world, 'silent phone');
  await runEnded(messageId, 'unknown');
  const failed = await untilTold(world, messageId, 'failed');
  expect(failed.error).toMatchObject({
    code: 'no_delivery_receipt',
    message: expect.stringContaining('did not confirm'),
  });
  expect((await bridge.admin.message(LOCATION, messageId)).reason).toBe('no_delivery_receipt');
  await world.waapify.receipt(gatewayId, DELIVERED);
  await untilTold(world, messageId, 'delivered');
  await runEnded(messageId, 'delivered');
  await world.waapify.receipt(gatewayId, READ);
  await untilTold(world, messageId, 'read');
  expect(toldOf(world, messageId)).toEqual(['pending', 'failed', 'delivered', 'read']);
  expect(sentWith(world, 'silent phone')).toHaveLength(1);
});

test('duplicate receipts after the run has ended start no other run', async () => {
  const { messageId } = await world.agentSends('nothing new');
  const { gatewayId } = await untilSent(world, 'nothing new');
  await world.waapify.receipt(gatewayId, READ);
  const first = await runEnded(messageId, 'read');
  for (const level of [READ, DELIVERED, READ]) await world.waapify.receipt(gatewayId, level);
  const later = await world.agentSends('something new');
  await world.waapify.receipt((await untilSent(world, 'something new')).gatewayId, READ);
  await untilTold(world, later.messageId, 'read');
  expect((await handleOf(messageId).describe()).runId).toBe(first);
  expect(toldOf(world, messageId)).toEqual(['pending', 'read']);
});
