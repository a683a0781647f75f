import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { eventually } from '../support/adminClient';
import { expectOnlyForward, sentWith, timesAsked, toldOf, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { LOCATION, openWorld, type World } from '../support/world';
import { GHL_FAULTS } from '../../src/sandbox/ghl';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

afterEach(() => {
  world.ghl.clearFaults();
  world.ghl.configure({ statusWindowMs: 0 });
  expectOnlyForward(world);
});

/** Requests that GHL got on an operation since the test began. */
function watchRequests(operation: string): () => number[] {
  const begun = world.ghl.journal.entries.length;
  return () =>
    world.ghl.journal
      .after(begun)
      .filter((entry) => entry.kind === 'request' && entry.operation === operation)
      .map(({ status }) => status);
}

const versionNow = async (): Promise<number> => (await bridge.app.store.tokens.read(LOCATION))!.version;

test('GHL does not know its own message for some seconds (403): told after it', async () => {
  world.ghl.configure({ statusWindowMs: 600_000 });
  const statuses = watchRequests('status');
  const { messageId } = await world.agentSends('written down late');
  await eventually(() => expect(statuses()).toContain(403));
  world.ghl.configure({ statusWindowMs: 0 });
  await untilTold(world, messageId, 'read');
  expect(timesAsked(world, 'written down late')).toBe(1);
});

test.each([429, 500, 502])('a %i on the status: told all the same', async (status) => {
  world.ghl.fault({ operation: 'status', end: 'status', status });
  const statuses = watchRequests('status');
  const { messageId } = await world.agentSends(`status ${status}`);
  await untilTold(world, messageId, 'read');
  expect(statuses()[0]).toBe(status);
  expect(timesAsked(world, `status ${status}`)).toBe(1);
});

test('GHL does not answer on the status: told all the same', async () => {
  world.ghl.fault({ operation: 'status', end: 'reset' });
  const { messageId } = await world.agentSends('status without answer');
  await untilTold(world, messageId, 'read');
  expect(world.ghl.pendingFaults()).toBe(0);
});

test('GHL is down while a message goes out: it is sent, and told when GHL is back', async () => {
  // The agent's post and GHL's own server are the same stand-in: the post is out before it goes down.
  const { messageId } = await world.agentSends('GHL goes down');
  await world.ghl.pause();
  await bridge.admin.untilState(LOCATION, messageId, 'read');
  await world.ghl.resume();
  await untilTold(world, messageId, 'read');
  expect(sentWith(world, 'GHL goes down')).toHaveLength(1);
});

test('a 401, genuine: several messages meet in one tokenRefresh, then all are told with the next version', async () => {
  const version = await versionNow();
  const refreshes = watchRequests('token');
  world.ghl.expireAccessTokens(LOCATION);
  const sent = [];
  for (const n of [1, 2, 3, 4]) {
    sent.push(await world.agentSends(`token expired ${n}`, { phone: `+6012555000${n}` }));
  }
  for (const { messageId } of sent) await untilTold(world, messageId, 'read');
  expect(refreshes()).toEqual([200]);
  expect(await versionNow()).toBe(version + 1);
  const handle = bridge.temporal.client.workflow.getHandle(`token-refresh:${LOCATION}:v${version}`);
  await expect(handle.result()).resolves.toEqual({ outcome: 'renewed' });
});

test('the answer to the refresh is lost: the same token again within 30 s, one new version, everything told', async () => {
  const version = await versionNow();
  const refreshes = watchRequests('token');
  world.ghl.fault(GHL_FAULTS.tokenAnswerLost);
  world.ghl.expireAccessTokens(LOCATION);
  const begun = Date.now();
  const { messageId } = await world.agentSends('refresh answer lost');
  await untilTold(world, messageId, 'read');
  expect(Date.now() - begun).toBeLessThan(30_000);
  expect(refreshes()).toEqual([0, 200]);
  expect(await versionNow()).toBe(version + 1);
});

test('the refresh token is refused for good: held as reauth_required, nothing failed; a reinstall lets it flow', async () => {
  const version = await versionNow();
  world.ghl.revokeTokens(LOCATION);
  const first = await world.agentSends('access lost');
  await eventually(async () => {
    const { body } = await bridge.admin.call('GET', '/admin/v1/installations');
    expect(body).toMatchObject({ installations: [{ resourceId: LOCATION, state: 'reauth_required' }] });
  });
  const second = await world.agentSends('held without access');
  await eventually(async () => {
    const answer = await bridge.admin.message(LOCATION, second.messageId);
    expect(answer).toMatchObject({ state: 'waiting', reason: 'reauth_required' });
  });
  expect(toldOf(world, first.messageId)).toEqual(['pending']);
  expect((await world.install()).status).toBe(200);
  await untilTold(world, second.messageId, 'read');
  expect(await versionNow()).toBe(version + 1);
  expect(sentWith(world, 'held without access')).toHaveLength(1);
});
