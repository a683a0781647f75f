import { expectOnlyForward, timesAsked, untilTold } from '../support/looks';
import { expectAllOnceInOrder, fifty, openOrderWorld, sendAll } from '../support/orderLooks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, type World } from '../support/world';

const ALL_OUT_MS = 120_000;

const temporal = useTemporal();
let world: World;

beforeAll(async () => {
  ({ world } = await openOrderWorld(temporal));
});

afterEach(() => {
  world.waapify.clearFaults();
  expectOnlyForward(world);
});

test(
  '50 to one contact while one in the middle is tried again: in order, none lost, none doubled; another contact passes',
  async () => {
    const texts = fifty('fifty');
    world.waapify.fault({ end: 'error', message: 'Failed to send the message', text: 'fifty 25', times: 1_000 });
    const ids = await sendAll(world, texts);
    await world.waapify.waitFor(() => timesAsked(world, 'fifty 25') > 0, ALL_OUT_MS);
    const other = await world.agentSends('somebody else in between', { phone: '+60127776665' });
    await untilTold(world, other.messageId, 'delivered');
    expect(timesAsked(world, 'fifty 26')).toBe(0);
    world.waapify.clearFaults();
    for (const id of ids) await untilTold(world, id, 'delivered', ALL_OUT_MS);
    expectAllOnceInOrder(world, texts);
    expect(timesAsked(world, 'fifty 25')).toBeGreaterThanOrEqual(2);
    const order = world.waapify.sends(INSTANCE).map(({ text }) => text);
    expect(order.indexOf('somebody else in between')).toBeLessThan(order.indexOf('fifty 25'));
  },
  2 * ALL_OUT_MS,
);
