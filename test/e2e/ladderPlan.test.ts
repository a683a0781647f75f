import { eventually } from '../support/adminClient';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { expectOnlyForward, sentWith, timesAsked, toldOf, untilTold } from '../support/looks';
import { connectionIs, detailsOf, isHeld } from '../support/heldLooks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

/** The least time between two trials, and how much later than the second the first may reach the gateway. */
const TRIAL_MS = 800;
const JITTER_MS = 300;

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;
let connectionId: string;

beforeAll(async () => {
  world = await openWorld(temporal, { env: { HOLD_TRIAL_MS: `${TRIAL_MS}-2000` } });
  bridge = await startInProcess(world);
  connectionId = await installAndConnect(world, bridge.admin);
});

afterEach(async () => {
  world.waapify.clearFaults();
  world.waapify.setPlan(INSTANCE, { messagesLeft: null, expired: false });
  await connectionIs(bridge, connectionId, 'connected');
  expectOnlyForward(world);
});

/** An agent writes to so many contacts at once. Resolves with the texts and their messages. */
async function writesTo(count: number, what: string): Promise<{ texts: string[]; ids: string[] }> {
  const [texts, ids]: string[][] = [[], []];
  for (let n = 1; n <= count; n++) {
    const { messageId } = await world.agentSends(`${what} ${n}`, { phone: `+6012111000${n}` });
    texts!.push(`${what} ${n}`);
    ids!.push(messageId);
  }
  return { texts: texts!, ids: ids! };
}

/** When the gateway was asked to send this text, oldest first. */
const askedAt = (text: string): number[] =>
  world.waapify.requests.entries.filter(({ params }) => params.message === text).map(({ at }) => at);

test('the quota is used up: one message at a time is tried, in one hold, until the plan resets; then all flow', async () => {
  world.waapify.setPlan(INSTANCE, { messagesLeft: 2 });
  const { texts, ids } = await writesTo(5, 'quota');
  for (const id of ids.slice(2)) await isHeld(bridge, id, 'quota');
  const first = await connectionIs(bridge, connectionId, 'quota');
  expect(first).toMatchObject({ reason: 'the gateway plan has no messages left', code: 'plan_quota' });
  expect(first.next).toMatch(/raise the plan; .*one message is tried at \d{4}-.*Z/);
  await eventually(() => expect(timesAsked(world, texts[2]!)).toBeGreaterThanOrEqual(4));
  expect((await connectionIs(bridge, connectionId, 'quota')).since).toBe(first.since);
  expect(texts.slice(3).map((text) => timesAsked(world, text))).toEqual([0, 0]);
  expect(await detailsOf(bridge, `connection:${connectionId}`)).toMatch(
    /\*\*quota\*\* since .*one message is tried at/s,
  );
  expect(await detailsOf(bridge, `outbound:${LOCATION}:${ids[3]!}`)).toMatch(
    /\*\*waiting\*\* .*one message is tried at/s,
  );
  world.waapify.setPlan(INSTANCE, { messagesLeft: null });
  for (const id of ids) await untilTold(world, id, 'read');
  expect(world.waapify.sends(INSTANCE).map(({ text }) => text)).toEqual(texts);
  expect(ids.flatMap((id) => toldOf(world, id))).not.toContain('failed');
});

test('the subscription has expired: what waits goes out by itself once it is renewed', async () => {
  world.waapify.setPlan(INSTANCE, { expired: true });
  const { texts, ids } = await writesTo(2, 'expired');
  for (const id of ids) await isHeld(bridge, id, 'billing');
  world.waapify.setPlan(INSTANCE, { expired: false });
  for (const id of ids) await untilTold(world, id, 'read');
  for (const text of texts) expect(sentWith(world, text)).toHaveLength(1);
});

test('a trial that meets a fault of its own message does not bring the number back, nor lose the message', async () => {
  world.waapify.setPlan(INSTANCE, { expired: true });
  const { ids } = await writesTo(2, 'own fault');
  for (const id of ids) await isHeld(bridge, id, 'billing');
  world.waapify.fault({ end: 'error', message: 'Message type not supported', text: 'own fault 1' });
  await untilTold(world, ids[0]!, 'failed');
  await connectionIs(bridge, connectionId, 'billing');
  world.waapify.setPlan(INSTANCE, { expired: false });
  await untilTold(world, ids[1]!, 'read', 60_000);
  // On a number that is back the second one goes right behind the first.
  expect(askedAt('own fault 2')[0]! - askedAt('own fault 1').at(-1)!).toBeGreaterThanOrEqual(TRIAL_MS - JITTER_MS);
});

test('the token is changed at the gateway: held until the number is connected again with the new one, then at once', async () => {
  const instance = world.waapify.instance(INSTANCE);
  const old = instance.token;
  instance.token = 'another-token-of-the-team';
  world.waapify.addTeam(instance.token);
  const { texts, ids } = await writesTo(1, 'new token');
  await isHeld(bridge, ids[0]!, 'reauth');
  const { next } = await connectionIs(bridge, connectionId, 'reauth');
  expect(next).toContain('connect the number again');
  await bridge.admin.connect({ locationId: LOCATION, instanceId: INSTANCE, token: instance.token });
  await untilTold(world, ids[0]!, 'read');
  expect(sentWith(world, texts[0]!)).toHaveLength(1);
  instance.token = old;
  await bridge.admin.connect({ locationId: LOCATION, instanceId: INSTANCE, token: old });
});
