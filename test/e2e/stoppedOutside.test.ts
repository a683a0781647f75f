import { eventually } from '../support/adminClient';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { WAAPIFY_FAULTS } from '../../src/sandbox/waapify';
import { resetToStart } from '../support/resetRun';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

/** What an operator does to runs by hand: cancel, terminate and reset, before and after the send. */
const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

/** Wide enough that the second of two messages starts delayed and sleeps meanwhile. */
const GAP = { PACE_TEXT_MS: '6000-6000' };
/** Followers move within this, counted from the intervention (issue: 30 s). */
const MOVE_MS = 30_000;

beforeAll(async () => {
  world = await openWorld(temporal, { env: GAP });
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

const run = (messageId: string) => bridge.temporal.client.workflow.getHandle(`outbound:${LOCATION}:${messageId}`);
const texts = (): string[] => world.waapify.sends(INSTANCE).map((one) => one.text);
const out = (text: string, timeoutMs = MOVE_MS) =>
  world.waapify.waitFor(() => texts().includes(text), timeoutMs, `"${text}" to go out`);

/** Sends one now (which begins the gap) and one more, and resolves when that one sleeps until its planned time. */
async function oneThatWaits(name: string, more: { phone?: string } = {}): Promise<string> {
  await world.agentSends(`${name}: first`, more);
  await out(`${name}: first`);
  const { messageId } = await world.agentSends(`${name}: waits`, more);
  await eventually(async () => {
    expect((await bridge.admin.message(LOCATION, messageId)).state).toBe('waiting');
    await run(messageId).describe();
  });
  return messageId;
}

async function cancelledInLedger(messageId: string): Promise<void> {
  const answer = await bridge.admin.untilState(LOCATION, messageId, 'cancelled');
  expect(answer.reason).toBe('stopped_in_temporal');
  const told = await world.ghl.waitFor(() => world.ghl.message(messageId)?.error, MOVE_MS);
  expect(told.message).toMatch(/stopped/);
}

test('cancelled while it sleeps: never sent, GHL is told, the next one goes', async () => {
  const messageId = await oneThatWaits('cancel');
  await run(messageId).cancel();
  await cancelledInLedger(messageId);
  await expect(run(messageId).result()).rejects.toThrow(/cancelled/i);
  await world.agentSends('cancel: follower');
  await out('cancel: follower');
  expect(texts()).not.toContain('cancel: waits');
}, 60_000);

test('cancel after the claim changes nothing: it is sent and says so', async () => {
  world.waapify.fault({ end: 'pass', text: 'claimed: sent', replyAfterMs: 1_500 });
  const { messageId } = await world.agentSends('claimed: sent', { phone: '+60123000001' });
  await bridge.admin.untilState(LOCATION, messageId, 'sending', MOVE_MS);
  await out('claimed: sent');
  await run(messageId).cancel();
  await bridge.admin.untilState(LOCATION, messageId, ['delivered', 'read']);
  expect(world.ghl.message(messageId)?.error).toBeUndefined();
}, 60_000);

test('terminated mid-wait: it ends as cancelled, is never sent, and its followers move within 30 s', async () => {
  const messageId = await oneThatWaits('terminate');
  const follower = await world.agentSends('terminate: follower');
  await run(messageId).terminate('by an operator');
  await out('terminate: follower');
  await cancelledInLedger(messageId);
  await bridge.admin.untilState(LOCATION, follower.messageId, ['delivered', 'read']);
  expect(texts()).not.toContain('terminate: waits');
}, 90_000);

test('reset mid-wait: it is sent once, and its followers move', async () => {
  world.waapify.fault({ ...WAAPIFY_FAULTS.cannotConnect, text: 'reset: waits' });
  const phone = '+60123000009';
  const { messageId } = await world.agentSends('reset: waits', { phone });
  await eventually(async () => {
    expect((await bridge.admin.message(LOCATION, messageId)).reason).toBe('retrying');
  });
  await world.agentSends('reset: follower', { phone });
  await resetToStart(run(messageId), temporal.server);
  await out('reset: follower');
  expect(texts().filter((text) => text === 'reset: waits')).toHaveLength(1);
  await bridge.admin.untilState(LOCATION, messageId, ['delivered', 'read']);
}, 90_000);

test('terminated after the send: no second send, a later receipt still reaches GHL', async () => {
  world.waapify.setAuto(INSTANCE, { server: false, delivered: false, read: false });
  const { messageId } = await world.agentSends('terminated later: sent', { phone: '+60123000002' });
  await bridge.admin.untilState(LOCATION, messageId, 'sent', MOVE_MS);
  await run(messageId).terminate('by an operator');
  const { gatewayId } = world.waapify.sends(INSTANCE).find((one) => one.text === 'terminated later: sent')!;
  await world.waapify.receipt(gatewayId, 4);
  await world.ghl.waitFor(() => world.ghl.message(messageId)?.status === 'read', MOVE_MS);
  expect(texts().filter((text) => text === 'terminated later: sent')).toHaveLength(1);
}, 60_000);

test('reset after the send: no second send, GHL still learns the rest', async () => {
  world.waapify.setAuto(INSTANCE, { server: false, delivered: false, read: false });
  const { messageId } = await world.agentSends('reset later: sent', { phone: '+60123000003' });
  await bridge.admin.untilState(LOCATION, messageId, 'sent', MOVE_MS);
  await resetToStart(run(messageId), temporal.server);
  const { gatewayId } = world.waapify.sends(INSTANCE).find((one) => one.text === 'reset later: sent')!;
  await world.waapify.receipt(gatewayId, 3);
  await world.ghl.waitFor(() => world.ghl.message(messageId)?.status === 'delivered', MOVE_MS);
  expect(texts().filter((text) => text === 'reset later: sent')).toHaveLength(1);
}, 60_000);
