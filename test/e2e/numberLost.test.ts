import { eventually } from '../support/adminClient';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { expectOnlyForward, sentWith, shownAs, timesAsked, toldOf, untilSent, untilTold } from '../support/looks';
import { connectionIs, detailsOf, isHeld } from '../support/heldLooks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';
import { WAAPIFY_FAULTS } from '../../src/sandbox/waapify';

const NUMBER = '60110000001';
/** The first message is out this soon after a probe has seen that the number is back. */
const FIRST_OUT_MS = 2_000;

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;
let connectionId: string;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  connectionId = await installAndConnect(world, bridge.admin);
});

afterEach(async () => {
  world.waapify.clearFaults();
  world.waapify.scanQr(INSTANCE, NUMBER);
  await connectionIs(bridge, connectionId, 'connected');
  expectOnlyForward(world);
});

/** Milliseconds from the first probe after `since` that found the number connected to the first send after it. */
function firstOutAfter(since: number): number {
  const probe = world.waapify.requests.entries.find(({ endpoint, at }) => endpoint === 'reconnect' && at >= since);
  const first = world.waapify.sends(INSTANCE).find(({ at }) => at >= probe!.at);
  return first!.at - probe!.at;
}

test('logged out in the middle of a queue: held with its reason everywhere, then it flows in order by itself', async () => {
  world.waapify.fault({ ...WAAPIFY_FAULTS.loggedOut, text: 'queue 3' });
  const texts = [1, 2, 3, 4, 5, 6].map((n) => `queue ${n}`);
  const ids: string[] = [];
  for (const text of texts) ids.push((await world.agentSends(text)).messageId);
  for (const id of ids.slice(2)) await isHeld(bridge, id, 'relogin');
  expect(await connectionIs(bridge, connectionId, 'relogin')).toMatchObject({
    reason: 'the number is logged out',
    next: expect.stringContaining('scan the QR code'),
    waiting: 4,
  });
  expect((await bridge.admin.message(LOCATION, ids[3]!)).next).toContain('scan the QR code');
  const workflowOf = (id: string): string => `outbound:${LOCATION}:${id}`;
  await eventually(async () => {
    expect(await detailsOf(bridge, workflowOf(ids[2]!))).toMatch(/\*\*waiting\*\* since .*logged out/s);
    expect(await detailsOf(bridge, `connection:${connectionId}`)).toMatch(/\*\*relogin\*\* since .*scan the QR code/s);
    for (const id of ids.slice(2)) expect(await shownAs(bridge, workflowOf(id), 'MessageStatus')).toBe('waiting');
  });
  expect(ids.map((id) => toldOf(world, id).includes('failed'))).toEqual(ids.map(() => false));
  const since = Date.now();
  world.waapify.scanQr(INSTANCE, NUMBER);
  for (const id of ids) await untilTold(world, id, 'read');
  const sent = world.waapify.sends(INSTANCE).map(({ text }) => text);
  expect(sent.filter((text) => text.startsWith('queue'))).toEqual(texts);
  expect(firstOutAfter(since)).toBeLessThan(FIRST_OUT_MS);
  await eventually(async () =>
    expect(await detailsOf(bridge, `connection:${connectionId}`)).toMatch(/\*\*connected\*\* since/),
  );
});

test('the probe finds it lost: what comes then is not even asked of the gateway; several contacts flow on return', async () => {
  world.waapify.setState(INSTANCE, 'logged_out');
  await connectionIs(bridge, connectionId, 'relogin');
  const contacts = ['+60121110001', '+60121110002', '+60121110003'];
  const sent = [];
  for (const phone of contacts) {
    for (const n of [1, 2]) sent.push(await world.agentSends(`held ${phone} ${n}`, { phone }));
  }
  for (const { messageId } of sent) await isHeld(bridge, messageId, 'relogin');
  const since = Date.now();
  expect(timesAsked(world, `held ${contacts[0]!} 1`)).toBe(0);
  world.waapify.scanQr(INSTANCE, NUMBER);
  for (const { messageId } of sent) await untilTold(world, messageId, 'read');
  for (const phone of contacts) {
    const texts = world.waapify.sends(INSTANCE).map(({ text }) => text);
    expect(texts.filter((text) => text.includes(phone))).toEqual([`held ${phone} 1`, `held ${phone} 2`]);
  }
  expect(firstOutAfter(since)).toBeLessThan(FIRST_OUT_MS);
});

test('lost and back several times: nothing is lost, doubled or failed', async () => {
  const ids: string[] = [];
  for (let round = 1; round <= 3; round++) {
    world.waapify.setState(INSTANCE, 'logged_out');
    for (const n of [1, 2]) ids.push((await world.agentSends(`round ${round}.${n}`)).messageId);
    await isHeld(bridge, ids.at(-1)!, 'relogin');
    world.waapify.scanQr(INSTANCE, NUMBER);
    await untilSent(world, `round ${round}.1`);
  }
  for (const id of ids) await untilTold(world, id, 'read');
  const texts = world.waapify.sends(INSTANCE).map(({ text }) => text);
  const expected = [1, 2, 3].flatMap((round) => [`round ${round}.1`, `round ${round}.2`]);
  expect(texts.filter((text) => text.startsWith('round'))).toEqual(expected);
});

test('a session that only the gateway has lost: the probe brings it back, the message goes out once', async () => {
  world.waapify.setState(INSTANCE, 'no_session');
  const { messageId } = await world.agentSends('no session');
  await untilTold(world, messageId, 'read');
  expect(sentWith(world, 'no session')).toHaveLength(1);
  expect(toldOf(world, messageId)).not.toContain('failed');
});

test('a held message survives a restart of the bridge and goes out by itself afterwards', async () => {
  world.waapify.setState(INSTANCE, 'logged_out');
  await connectionIs(bridge, connectionId, 'relogin');
  const { messageId } = await world.agentSends('held over a restart');
  await isHeld(bridge, messageId, 'relogin');
  await bridge.stop();
  bridge = await startInProcess(world);
  await isHeld(bridge, messageId, 'relogin');
  world.waapify.scanQr(INSTANCE, NUMBER);
  await untilTold(world, messageId, 'read');
  expect(timesAsked(world, 'held over a restart')).toBe(1);
});

describe('with a probe only every ten minutes', () => {
  beforeAll(async () => {
    await bridge.stop();
    // The first bridge's interval has put the next probe one second off; from that one on the new interval holds.
    const probes = (): number =>
      world.waapify.requests.entries.filter(({ endpoint }) => endpoint === 'reconnect').length;
    const before = probes();
    bridge = await startInProcess(world, { env: { PROBE_INTERVAL_MS: '600000' } });
    await eventually(() => expect(probes()).toBeGreaterThan(before));
  });

  test('a connection event asks at once: lost is seen, and so is the return, and everything flows', async () => {
    world.waapify.setState(INSTANCE, 'logged_out');
    await world.waapify.connectionEvent(INSTANCE);
    await connectionIs(bridge, connectionId, 'relogin');
    const { messageId } = await world.agentSends('seen by an event');
    await isHeld(bridge, messageId, 'relogin');
    world.waapify.scanQr(INSTANCE, NUMBER);
    await world.waapify.connectionEvent(INSTANCE);
    await untilTold(world, messageId, 'read');
    expect(sentWith(world, 'seen by an event')).toHaveLength(1);
  });
});
