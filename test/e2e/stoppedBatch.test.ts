import { eventually } from '../support/adminClient';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

/** Probes and sweeps as seldom as in production: nothing but the wakes themselves finds the stopped runs. */
const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  const env = { PACE_TEXT_MS: '8000-8000', PROBE_INTERVAL_MS: '60000', SWEEP_INTERVAL_MS: '15000' };
  world = await openWorld(temporal, { env });
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

test('an operator terminates a whole queue: none of it is sent, and what comes after it is', async () => {
  const run = (messageId: string) => bridge.temporal.client.workflow.getHandle(`outbound:${LOCATION}:${messageId}`);
  const texts = (): string[] => world.waapify.sends(INSTANCE).map((one) => one.text);
  const out = (text: string) => world.waapify.waitFor(() => texts().includes(text), 60_000, `"${text}" to go out`);
  await world.agentSends('first');
  await out('first');
  const queue: string[] = [];
  for (const n of [1, 2, 3, 4]) queue.push((await world.agentSends(`waits ${n}`)).messageId);
  // Within the gap after the first: before one of them has its turn.
  await Promise.all(
    queue.map(async (messageId) => {
      await eventually(() => run(messageId).describe());
      await run(messageId).terminate('by an operator');
    }),
  );
  await world.agentSends('after them');
  await out('after them');
  for (const messageId of queue) {
    const { reason } = await bridge.admin.untilState(LOCATION, messageId, 'cancelled', 60_000);
    expect(reason).toBe('stopped_in_temporal');
  }
  expect(texts()).toEqual(['first', 'after them']);
}, 150_000);
