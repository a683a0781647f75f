import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { expectOnlyForward, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, openWorld, PHONE, type World } from '../support/world';
import { findDuplicates, findInversions, findLost } from '../../src/sandbox/checkers';
import { WAAPIFY_FAULTS } from '../../src/sandbox/waapify';

const NUMBER = PHONE.slice(1);
const ALL_OUT_MS = 60_000;

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
  // A hundred updates in ten seconds are allowed; what GHL hears is not the question here.
  world.ghl.configure({ rateLimit: { enforce: false } });
  world.waapify.setAuto(INSTANCE, { read: false });
});

afterEach(() => {
  world.waapify.clearFaults();
  expectOnlyForward(world);
});

const fifty = (prefix: string): string[] =>
  Array.from({ length: 50 }, (_, n) => `${prefix} ${String(n + 1).padStart(2, '0')}`);

async function sendAll(texts: string[]): Promise<string[]> {
  const ids = [];
  for (const text of texts) ids.push((await world.agentSends(text)).messageId);
  return ids;
}

function expectAllOnceInOrder(texts: string[]): void {
  const sends = world.waapify.sends(INSTANCE).filter(({ text }) => texts.includes(text));
  const expected = texts.map((text) => ({ number: NUMBER, text }));
  expect(findLost(expected, sends)).toEqual([]);
  expect(findDuplicates(sends)).toEqual([]);
  expect(findInversions(sends, { [NUMBER]: texts })).toEqual([]);
  expect(sends).toHaveLength(texts.length);
}

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
    const ids = await sendAll(texts);
    await untilSent(world, texts.at(-1)!, ALL_OUT_MS);
    for (const id of ids) await untilTold(world, id, 'delivered', ALL_OUT_MS);
    expectAllOnceInOrder(texts);
    expect(world.waapify.pendingFaults()).toBe(0);
  },
  2 * ALL_OUT_MS,
);
