import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../support/adminClient';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { resetToStart } from '../support/resetRun';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

/** Runs that are stopped from outside while their message sits out a short gap inside its send activity. */
const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  // Any port of this machine: one test serves a file of its own.
  world = await openWorld(temporal, { env: { PACE_TEXT_MS: '2800-2800', MEDIA_ALLOW_HOSTS: '127.0.0.1' } });
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

const run = (messageId: string) => bridge.temporal.client.workflow.getHandle(`outbound:${LOCATION}:${messageId}`);
const texts = (): string[] => world.waapify.sends(INSTANCE).map((one) => one.text);
const out = (text: string) => world.waapify.waitFor(() => texts().includes(text), 30_000, `"${text}" to go out`);

/** Resolves with a message that sits: its activity is under way and the ledger says that it waits for the gap. */
async function oneThatSits(name: string): Promise<string> {
  await world.agentSends(`${name}: first`);
  await out(`${name}: first`);
  const { messageId } = await world.agentSends(`${name}: sits`);
  await eventually(async () => {
    expect((await bridge.admin.message(LOCATION, messageId)).reason).toBe('gap');
    const { raw } = await run(messageId).describe();
    expect(raw.pendingActivities).toHaveLength(1);
  }, 5_000);
  return messageId;
}

async function expectNeverSent(name: string, messageId: string): Promise<void> {
  const answer = await bridge.admin.untilState(LOCATION, messageId, 'cancelled');
  expect(answer.reason).toBe('stopped_in_temporal');
  await world.ghl.waitFor(() => world.ghl.message(messageId)?.status === 'failed', 30_000, 'GHL to be told');
  await world.agentSends(`${name}: follower`);
  await out(`${name}: follower`);
  expect(texts()).not.toContain(`${name}: sits`);
}

test('cancel during the wait inside the activity: cancelled, never sent', async () => {
  const messageId = await oneThatSits('cancel');
  await run(messageId).cancel();
  await expectNeverSent('cancel', messageId);
  await expect(run(messageId).result()).rejects.toThrow(/cancelled/i);
}, 60_000);

test('terminated during the wait inside the activity: the sitter notices, nothing is sent', async () => {
  const messageId = await oneThatSits('terminate');
  await run(messageId).terminate('by an operator');
  await expectNeverSent('terminate', messageId);
}, 60_000);

test('reset during the wait inside the activity: the new run sends it, once', async () => {
  const messageId = await oneThatSits('reset');
  await resetToStart(run(messageId), temporal.server);
  await bridge.admin.untilState(LOCATION, messageId, ['sent', 'delivered', 'read']);
  await world.agentSends('reset: follower');
  await out('reset: follower');
  expect(texts().filter((text) => text === 'reset: sits')).toHaveLength(1);
}, 60_000);

test('terminated while its file is being fetched: nothing is sent', async () => {
  const slow = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/pdf' });
    response.write('%PDF-1.4\n');
    finish = () => void response.end('%%EOF\n');
  });
  let finish = (): void => undefined;
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const { port } = slow.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/price.pdf`;
  const { messageId } = await world.agentSends('wrong price list', { attachments: [url], phone: '+60123777001' });
  await eventually(async () => {
    expect((await bridge.admin.message(LOCATION, messageId)).reason).toBe('preparing');
  });
  await run(messageId).terminate('by an operator');
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  finish();
  expect((await bridge.admin.untilState(LOCATION, messageId, 'cancelled')).reason).toBe('stopped_in_temporal');
  expect(texts()).not.toContain('wrong price list');
  slow.close();
}, 60_000);
