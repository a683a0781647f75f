import type { WorkflowHandle } from '@temporalio/client';
import { eventually } from '../support/adminClient';
import { startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { numberOfItsOwn, type CrashMessage, type CrashNumber } from '../support/crashNumbers';
import { WAAPIFY_FAULTS } from '../../src/sandbox/waapify';
import { resetToStart } from '../support/resetRun';
import { useTemporal } from '../support/temporalServer';
import { openWorld, type World } from '../support/world';

/**
 * What an operator does to runs by hand: cancel, terminate and reset, before and after the send. The cases stand beside
 * each other, each on a number of its own, for nearly all of their time is waiting.
 */
const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

/** Wide enough that the second of two messages starts delayed and sleeps meanwhile. */
const GAP = { PACE_TEXT_MS: '6000-6000' };
/** Followers move within this, counted from the intervention (issue: 30 s). */
const MOVE_MS = 30_000;
jest.setTimeout(120_000);

beforeAll(async () => {
  world = await openWorld(temporal, { env: GAP });
  bridge = await startInProcess(world);
});

const newNumber = (): Promise<CrashNumber> => numberOfItsOwn(world, bridge.admin);
const runOf = ({ locationId }: CrashNumber, { messageId }: CrashMessage): WorkflowHandle =>
  bridge.temporal.client.workflow.getHandle(`outbound:${locationId}:${messageId}`);
const untilState = (number: CrashNumber, { messageId }: CrashMessage, states: string | string[]) =>
  bridge.admin.untilState(number.locationId, messageId, states, MOVE_MS);
const untilOut = (number: CrashNumber, text: string) =>
  world.waapify.waitFor(() => number.sends(text).length > 0, MOVE_MS, `"${text}" to go out`);

/** Sends one now (which begins the gap) and one more, and resolves when that one sleeps until its planned time. */
async function oneThatWaits(number: CrashNumber): Promise<CrashMessage> {
  const first = await number.send('first');
  await untilOut(number, first.text);
  const waits = await number.send('waits');
  await eventually(async () => {
    expect((await bridge.admin.message(number.locationId, waits.messageId)).state).toBe('waiting');
    await runOf(number, waits).describe();
  });
  return waits;
}

/** Resolves with a message that is sent and of which no receipt comes by itself. */
async function oneThatIsSent(number: CrashNumber): Promise<CrashMessage> {
  world.waapify.setAuto(number.instanceId, { server: false, delivered: false, read: false });
  const sent = await number.send('sent');
  await untilState(number, sent, 'sent');
  return sent;
}

async function cancelledInLedger(number: CrashNumber, message: CrashMessage): Promise<void> {
  const answer = await untilState(number, message, 'cancelled');
  expect(answer.reason).toBe('stopped_in_temporal');
  const told = await world.ghl.waitFor(() => world.ghl.message(message.messageId)?.error, MOVE_MS);
  expect(told.message).toMatch(/stopped/);
}

test.concurrent(
  'terminated mid-wait: it ends as cancelled, is never sent, and its followers move within 30 s',
  async () => {
    const number = await newNumber();
    const waits = await oneThatWaits(number);
    const follower = await number.send('follower');
    await runOf(number, waits).terminate('by an operator');
    await untilOut(number, follower.text);
    await cancelledInLedger(number, waits);
    await untilState(number, follower, ['delivered', 'read']);
    expect(number.sends(waits.text)).toEqual([]);
  },
);

test.concurrent('reset mid-wait: it is sent once, and its followers move', async () => {
  const number = await newNumber();
  world.waapify.fault({ ...WAAPIFY_FAULTS.cannotConnect, instanceId: number.instanceId, text: 'waits' });
  const waits = await number.send('waits');
  await eventually(async () => {
    expect((await bridge.admin.message(number.locationId, waits.messageId)).reason).toBe('retrying');
  });
  const follower = await number.send('follower');
  await resetToStart(runOf(number, waits), temporal.server);
  await untilOut(number, follower.text);
  expect(number.sends(waits.text)).toHaveLength(1);
  await untilState(number, waits, ['delivered', 'read']);
});

test.concurrent('cancelled while it sleeps: never sent, GHL is told, the next one goes', async () => {
  const number = await newNumber();
  const waits = await oneThatWaits(number);
  await runOf(number, waits).cancel();
  await cancelledInLedger(number, waits);
  await expect(runOf(number, waits).result()).rejects.toThrow(/cancelled/i);
  const follower = await number.send('follower');
  await untilOut(number, follower.text);
  expect(number.sends(waits.text)).toEqual([]);
});

test.concurrent('cancel after the claim changes nothing: it is sent and says so', async () => {
  const number = await newNumber();
  world.waapify.fault({ end: 'pass', instanceId: number.instanceId, text: 'claimed', replyAfterMs: 1_500 });
  const claimed = await number.send('claimed');
  await number.untilAsked(claimed.text);
  await runOf(number, claimed).cancel();
  await untilState(number, claimed, ['delivered', 'read']);
  expect(world.ghl.message(claimed.messageId)?.error).toBeUndefined();
});

test.concurrent('terminated after the send: no second send, a later receipt still reaches GHL', async () => {
  const number = await newNumber();
  const sent = await oneThatIsSent(number);
  await runOf(number, sent).terminate('by an operator');
  await world.waapify.receipt(number.sends(sent.text)[0]!.gatewayId, 4);
  await world.ghl.waitFor(() => world.ghl.message(sent.messageId)?.status === 'read', MOVE_MS);
  expect(number.sends()).toHaveLength(1);
});

test.concurrent('reset after the send: no second send, GHL still learns the rest', async () => {
  const number = await newNumber();
  const sent = await oneThatIsSent(number);
  await resetToStart(runOf(number, sent), temporal.server);
  await world.waapify.receipt(number.sends(sent.text)[0]!.gatewayId, 3);
  await world.ghl.waitFor(() => world.ghl.message(sent.messageId)?.status === 'delivered', MOVE_MS);
  expect(number.sends()).toHaveLength(1);
});
