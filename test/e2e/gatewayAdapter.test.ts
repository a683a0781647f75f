import { eventually } from '../support/adminClient';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { expectOnlyForward, inboundWith, sentWith, shownAs, toldOf, untilInbound, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { connectTestLine, createTestGateway, type TestGateway, type TestLineMessage } from '../support/testGateway';
import { DEFAULT_PROVIDER, LOCATION, openWorld, PHONE, type World } from '../support/world';
import type { Content } from '../../src/domain/content';
import { planParts } from '../../src/domain/parts';
import { LIMITS } from '../support/partLimits';

const LINE = 'line-1';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;
let line: TestGateway;
let connectionId: string;
let secret: string;

beforeAll(async () => {
  // A minute between two sends and a minute's wait for an echo: this gateway needs neither.
  world = await openWorld(temporal, { env: { PACE_TEXT_MS: '60000-60000', UNKNOWN_WAIT_MS: '60000' } });
  line = createTestGateway();
  bridge = await startInProcess(world, { gateways: [line.adapter] });
  await installAndConnect(world, bridge.admin);
  ({ connectionId, secret } = await connectTestLine(bridge, LOCATION, LINE));
  await lineIs('connected');
});

afterEach(() => expectOnlyForward(world));

async function lineIs(state: string): Promise<void> {
  await eventually(async () => {
    const row = await bridge.app.store.connections.get({ locationId: LOCATION }, connectionId);
    expect(row!.state).toBe(state);
  });
}

/** A message that GHL knows, handed to the bridge for this channel; resolves with GHL's id. */
async function sendOverLine(text: string, to = PHONE): Promise<string> {
  // GHL's own post goes nowhere: no provider of the app belongs to this channel.
  const { messageId, contactId } = await world.agentSends(text, { deliveryUrl: `${world.publicUrl}/nowhere` });
  const content: Content = { v: 1, text };
  const accepted = await bridge.app.store.messages.acceptOutbound(
    { locationId: LOCATION },
    {
      source: 'testline',
      sourceKey: messageId,
      messageKey: messageId,
      ghlMessageId: messageId,
      providerId: null,
      channel: 'test',
      contactId,
      address: { channel: 'test', value: to },
      content,
      parts: planParts(content, LIMITS, null),
    },
  );
  bridge.app.starter.startMessage(accepted);
  return messageId;
}

const textsOnLine = (): string[] => line.sends.map(({ part }) => (part.kind === 'text' ? part.text : ''));

async function postToLine(...messages: TestLineMessage[]): Promise<number> {
  const url = `${world.publicUrl}/waapify/webhooks/${secret}`;
  return (await fetch(url, { method: 'POST', body: JSON.stringify(messages) })).status;
}

test('sent: delivered at acceptance, told to GHL, and the workflow is over; nothing touches WhatsApp', async () => {
  const messageId = await sendOverLine('over the line');
  await untilTold(world, messageId, 'delivered');
  expect(toldOf(world, messageId)).toEqual(['pending', 'delivered']);
  const answer = await bridge.admin.message(LOCATION, messageId);
  expect(answer).toMatchObject({ state: 'delivered', parts: [{ n: 1, gatewayId: line.sends.at(-1)!.gatewayId }] });
  const handle = bridge.temporal.client.workflow.getHandle(answer.workflowId);
  await expect(handle.result()).resolves.toEqual({ state: 'delivered' });
  expect(await shownAs(bridge, answer.workflowId, 'Channel')).toBe('test');
  expect(await shownAs(bridge, answer.workflowId, 'ConnectionId')).toBe(connectionId);
  expect(line.sends.at(-1)).toMatchObject({ instanceId: LINE, to: { channel: 'test', value: PHONE } });
  expect(sentWith(world, 'over the line')).toHaveLength(0);
});

test('unpaced: several to one contact go out at once, in order', async () => {
  const texts = [1, 2, 3, 4, 5].map((n) => `unpaced ${n}`);
  const ids = [];
  for (const text of texts) ids.push(await sendOverLine(text));
  for (const id of ids) await untilTold(world, id, 'delivered', 20_000);
  expect(textsOnLine().filter((text) => text.startsWith('unpaced'))).toEqual(texts);
});

test('both channels side by side: each message leaves on its own', async () => {
  const plain = await world.agentSends('by WhatsApp');
  const other = await sendOverLine('by the line');
  await untilTold(world, plain.messageId, 'read');
  await untilTold(world, other, 'delivered');
  expect(textsOnLine()).not.toContain('by WhatsApp');
  expect(sentWith(world, 'by the line')).toHaveLength(0);
});

test('an unclear answer where no echo ever comes: unknown without waiting for one, never sent again', async () => {
  line.script({ kind: 'ambiguous', cause: 'timeout' });
  const messageId = await sendOverLine('unclear on the line');
  // Far below UNKNOWN_WAIT_MS, which is for gateways that echo.
  const failed = await untilTold(world, messageId, 'failed', 20_000);
  expect(failed.error!.code).toBe('no_echo');
  await untilTold(world, await sendOverLine('after the unclear one'), 'delivered');
  expect((await bridge.admin.message(LOCATION, messageId)).state).toBe('unknown');
  expect(textsOnLine()).not.toContain('unclear on the line');
});

test('refused for now, then taken; refused for good: failed with its words', async () => {
  line.script({ kind: 'rejected', retry: 'later', code: 'line_busy', text: 'The line is busy.' });
  await untilTold(world, await sendOverLine('busy once'), 'delivered');
  line.script({ kind: 'rejected', retry: 'never', code: 'line_refused', text: 'The line refuses: ask its owner.' });
  const failed = await untilTold(world, await sendOverLine('refused'), 'failed');
  expect(failed.error).toMatchObject({ code: 'line_refused', message: 'The line refuses: ask its owner.' });
});

test('held while the line is lost, flows by itself when the probe finds it back', async () => {
  line.answerProbes({ kind: 'held', state: 'disconnected', text: 'no carrier' });
  line.script({ kind: 'held', state: 'disconnected', code: 'no_carrier', text: 'no carrier' });
  const messageId = await sendOverLine('held on the line');
  await eventually(async () => {
    const answer = await bridge.admin.message(LOCATION, messageId);
    expect(answer).toMatchObject({ state: 'waiting', reason: 'disconnected' });
  });
  line.answerProbes({ kind: 'connected' });
  await untilTold(world, messageId, 'delivered');
  expect(textsOnLine().filter((text) => text === 'held on the line')).toHaveLength(1);
});

test('inbound by the webhook of its connection: into the conversation, in order, doubles once', async () => {
  const from = '+60128887776';
  const first = { id: 'in-1', from, text: 'hello from the line' };
  expect(await postToLine(first, { id: 'in-2', from, text: 'and more' })).toBe(200);
  const more = await untilInbound(world, 'and more');
  expect(await postToLine(first)).toBe(200);
  expect(await postToLine({ id: 'in-3', from, text: 'the last one' })).toBe(200);
  await untilInbound(world, 'the last one');
  const [hello] = inboundWith(world, 'hello from the line');
  expect(hello).toMatchObject({ altId: 'in-1', contactId: more.contactId });
  expect(hello!.conversationProviderId).toBe(DEFAULT_PROVIDER.id);
  expect(inboundWith(world, 'hello from the line')).toHaveLength(1);
  expect(await shownAs(bridge, `inbound:${connectionId}:in-1`, 'Channel')).toBe('test');
});

test("junk on the line's webhook: 200, and it goes on", async () => {
  const url = `${world.publicUrl}/waapify/webhooks/${secret}`;
  expect((await fetch(url, { method: 'POST', body: 'no JSON' })).status).toBe(200);
  expect(await postToLine({ id: 'in-9', from: PHONE, text: 'after the junk' })).toBe(200);
  await untilInbound(world, 'after the junk');
});
