import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { eventually } from '../support/adminClient';
import { expectOnlyForward, sentWith, timesAsked, toldOf, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { LOCATION, openWorld, type World } from '../support/world';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

afterEach(() => expectOnlyForward(world));

/** Messages of one contact keep their order: once a later one is out, nothing of an earlier one is on its way. */
async function laterOneIsOut(text: string): Promise<void> {
  await world.agentSends(text);
  await untilSent(world, text);
}

test('the same Delivery post ten times in sequence: all 200, one send, one history', async () => {
  const { messageId, status } = await world.agentSends('in sequence');
  const statuses = [status];
  for (let n = 0; n < 9; n++) statuses.push((await world.ghl.redeliver(messageId)).status);
  expect(statuses).toEqual(statuses.map(() => 200));
  await untilTold(world, messageId, 'read');
  await laterOneIsOut('after the sequence');
  expect(timesAsked(world, 'in sequence')).toBe(1);
  expect((await bridge.admin.message(LOCATION, messageId)).attempts).toHaveLength(1);
});

test('the same Delivery post 50 at once: all 200, one send', async () => {
  const unsigned = { signature: 'missing' } as const;
  const { messageId, status } = await world.agentSends('fifty at once', { tamper: unsigned });
  expect(status).toBe(401);
  const posts = await Promise.all(Array.from({ length: 50 }, () => world.ghl.redeliver(messageId)));
  expect(posts.map((post) => post.status)).toEqual(posts.map(() => 200));
  expect(posts.map((post) => post.body)).toEqual(posts.map(() => '{"accepted":true}'));
  await untilTold(world, messageId, 'read');
  await laterOneIsOut('after fifty at once');
  expect(timesAsked(world, 'fifty at once')).toBe(1);
});

test('duplicates while the first one is being sent', async () => {
  world.waapify.fault({ end: 'pass', replyAfterMs: 1_000, text: 'in flight' });
  const { messageId } = await world.agentSends('in flight');
  await untilSent(world, 'in flight');
  const posts = await Promise.all([1, 2, 3].map(() => world.ghl.redeliver(messageId)));
  expect(posts.map((post) => post.status)).toEqual([200, 200, 200]);
  await untilTold(world, messageId, 'read');
  await laterOneIsOut('after in flight');
  expect(timesAsked(world, 'in flight')).toBe(1);
});

test('a duplicate after the workflow has closed: 200, no other run, no other send', async () => {
  const { messageId } = await world.agentSends('long over');
  await untilTold(world, messageId, 'read');
  const handle = bridge.temporal.client.workflow.getHandle(`outbound:${LOCATION}:${messageId}`);
  await handle.result();
  const { runId } = await handle.describe();
  expect((await world.ghl.redeliver(messageId)).status).toBe(200);
  await laterOneIsOut('after long over');
  expect((await handle.describe()).runId).toBe(runId);
  expect(timesAsked(world, 'long over')).toBe(1);
  expect(toldOf(world, messageId).at(-1)).toBe('read');
});

test('a message that differs only by its id is another message', async () => {
  const first = await world.agentSends('said twice');
  const second = await world.agentSends('said twice');
  for (const { messageId } of [first, second]) await untilTold(world, messageId, 'read');
  expect(sentWith(world, 'said twice')).toHaveLength(2);
});

test('a duplicate after a restart of the bridge: of a finished and of a waiting message', async () => {
  const finished = await world.agentSends('before the restart');
  await untilTold(world, finished.messageId, 'read');
  world.waapify.fault({ end: 'error', message: 'Failed to send the message', text: 'across the restart' });
  const waiting = await world.agentSends('across the restart');
  await eventually(async () => {
    expect((await bridge.admin.message(LOCATION, waiting.messageId)).reason).toBe('retrying');
  });
  await bridge.stop();
  bridge = await startInProcess(world);
  for (const { messageId } of [finished, waiting]) {
    const posts = await Promise.all([1, 2, 3, 4, 5].map(() => world.ghl.redeliver(messageId)));
    expect(posts.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  }
  await untilTold(world, waiting.messageId, 'read');
  await laterOneIsOut('after the restart');
  expect(timesAsked(world, 'before the restart')).toBe(1);
  expect(timesAsked(world, 'across the restart')).toBe(2);
  expect(sentWith(world, 'across the restart')).toHaveLength(1);
});
