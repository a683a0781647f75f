import { expectOnlyForward, untilSent, untilTold } from '../support/looks';
import { expectAllOnceInOrder, fifty, openOrderWorld, sendAll } from '../support/orderLooks';
import { useTemporal } from '../support/temporalServer';
import { type World } from '../support/world';
import { WAAPIFY_FAULTS } from '../../src/sandbox/waapify';

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
  '50 to one contact through a bad gateway: unclear answers, errors, resets, echoes in all orders',
  async () => {
    const texts = fifty('rough');
    world.waapify.fault({ ...WAAPIFY_FAULTS.nullAfterSending, text: 'rough 05' });
    world.waapify.fault({ ...WAAPIFY_FAULTS.echoBeforeReply, text: 'rough 10' });
    world.waapify.fault({ ...WAAPIFY_FAULTS.resetAfterSending, text: 'rough 15' });
    world.waapify.fault({ end: 'error', message: 'Failed to send the message', text: 'rough 20' });
    world.waapify.fault({ ...WAAPIFY_FAULTS.successWithoutId, text: 'rough 25' });
    world.waapify.fault({ ...WAAPIFY_FAULTS.phpNotice, text: 'rough 30' });
    world.waapify.fault({ ...WAAPIFY_FAULTS.htmlAfterSending, text: 'rough 35' });
    world.waapify.fault({ ...WAAPIFY_FAULTS.nullAfterSending, text: 'rough 40', times: 1 });
    world.waapify.fault({ ...WAAPIFY_FAULTS.nullAfterSending, text: 'rough 41', times: 1 });
    const ids = await sendAll(world, texts);
    await untilSent(world, texts.at(-1)!, ALL_OUT_MS);
    for (const id of ids) await untilTold(world, id, 'delivered', ALL_OUT_MS);
    expectAllOnceInOrder(world, texts);
    expect(world.waapify.pendingFaults()).toBe(0);
  },
  2 * ALL_OUT_MS,
);
