import { eventually } from '../support/adminClient';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { expectOnlyForward, sentWith, timesAsked, toldOf, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, PHONE, type World } from '../support/world';

/** The first two back-offs of a retryable answer last 5 and 10 seconds. */
const TWO_BACKOFFS_MS = 40_000;

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;
let connectionId: string;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  connectionId = await installAndConnect(world, bridge.admin);
});

afterEach(() => expectOnlyForward(world));

async function connectionState(): Promise<string> {
  const { body } = await bridge.admin.call('GET', '/admin/v1/connections');
  const { connections } = body as { connections: { id: string; state: string }[] };
  return connections.find(({ id }) => id === connectionId)!.state;
}

test('a retryable error twice, then success: sent once, the contact keeps its order, another contact passes', async () => {
  world.waapify.fault({ end: 'error', message: 'Failed to send the message', text: 'third time lucky', times: 2 });
  const first = await world.agentSends('third time lucky');
  const behind = await world.agentSends('behind the lucky one');
  const other = await world.agentSends('to somebody else', { phone: '+60129998887' });
  await untilTold(world, other.messageId, 'read');
  expect(await bridge.admin.message(LOCATION, first.messageId)).toMatchObject({ state: 'waiting', reason: 'retrying' });
  expect((await bridge.admin.message(LOCATION, behind.messageId)).state).toBe('waiting');
  expect(sentWith(world, 'behind the lucky one')).toHaveLength(0);
  await untilTold(world, behind.messageId, 'read', TWO_BACKOFFS_MS);
  await untilTold(world, first.messageId, 'read');
  expect(timesAsked(world, 'third time lucky')).toBe(3);
  const texts = world.waapify.sends(INSTANCE).map(({ text }) => text);
  expect(texts).toEqual(['to somebody else', 'third time lucky', 'behind the lucky one']);
});

test("a non-retryable error: failed with the gateway's text, cleaned of number and message, the next one goes on", async () => {
  const text = 'the secret plan';
  const message = `Blocked: ${PHONE.slice(1)} may not get "${text}" from 5b0c5b0c5b0c5b0c5b0c5b0c5b0c5b0c`;
  world.waapify.fault({ end: 'error', message, text });
  const { messageId } = await world.agentSends(text);
  const failed = await untilTold(world, messageId, 'failed');
  expect(failed.error!.code).toBe('gateway_error');
  expect(failed.error!.message).toContain('Blocked');
  for (const secret of [PHONE.slice(1), text, '5b0c5b0c']) expect(failed.error!.message).not.toContain(secret);
  await world.agentSends('after the blocked one');
  await untilSent(world, 'after the blocked one');
  expect(timesAsked(world, text)).toBe(1);
  expect(toldOf(world, messageId)).toEqual(['pending', 'failed']);
  expect(bridge.logs.join('\n')).not.toContain(text);
});

test('a known refusal: failed with a sentence that says what to do', async () => {
  world.waapify.fault({ end: 'error', message: 'Message type not supported', text: 'odd type' });
  const { messageId } = await world.agentSends('odd type');
  const failed = await untilTold(world, messageId, 'failed');
  expect(failed.error).toMatchObject({ code: 'type_unsupported', message: expect.stringContaining('send it as text') });
  expect(timesAsked(world, 'odd type')).toBe(1);
});

test('the gateway refuses connections: after two in a row unreachable, all is held and flows by itself, in order', async () => {
  await world.waapify.pause();
  const texts = ['down 1', 'down 2', 'down 3'];
  const sent = [];
  for (const text of texts) sent.push(await world.agentSends(text));
  await eventually(async () => expect(await connectionState()).toBe('unreachable'));
  for (const { messageId } of sent) {
    await eventually(async () => {
      const answer = await bridge.admin.message(LOCATION, messageId);
      expect(answer).toMatchObject({ state: 'waiting', reason: 'unreachable' });
    });
  }
  await world.waapify.resume();
  for (const { messageId } of sent) await untilTold(world, messageId, 'read');
  expect(await connectionState()).toBe('connected');
  const out = world.waapify.sends(INSTANCE).map(({ text }) => text);
  expect(out.filter((text) => text.startsWith('down'))).toEqual(texts);
  for (const text of texts) expect(timesAsked(world, text)).toBe(1);
});

test('connections that are reset before anything is written: not sent, so tried again, once out', async () => {
  const { messageId } = await world.agentSends('before the reset');
  await untilTold(world, messageId, 'read');
  world.waapify.resetConnections(2);
  const after = await world.agentSends('over a reset connection');
  await untilTold(world, after.messageId, 'read');
  expect(sentWith(world, 'over a reset connection')).toHaveLength(1);
});
