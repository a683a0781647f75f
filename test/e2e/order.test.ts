import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { expectOnlyForward, timesAsked, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, openWorld, PHONE, type World } from '../support/world';
import { findDuplicates, findInversions, findLost } from '../../src/sandbox/checkers';

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
  '50 to one contact while one in the middle is tried again: in order, none lost, none doubled; another contact passes',
  async () => {
    const texts = fifty('fifty');
    world.waapify.fault({ end: 'error', message: 'Failed to send the message', text: 'fifty 25' });
    const ids = await sendAll(texts);
    await world.waapify.waitFor(() => timesAsked(world, 'fifty 25') === 1, ALL_OUT_MS);
    const other = await world.agentSends('somebody else in between', { phone: '+60127776665' });
    await untilTold(world, other.messageId, 'delivered');
    expect(timesAsked(world, 'fifty 26')).toBe(0);
    for (const id of ids) await untilTold(world, id, 'delivered', ALL_OUT_MS);
    expectAllOnceInOrder(texts);
    expect(timesAsked(world, 'fifty 25')).toBe(2);
    const order = world.waapify.sends(INSTANCE).map(({ text }) => text);
    expect(order.indexOf('somebody else in between')).toBeLessThan(order.indexOf('fifty 25'));
  },
  2 * ALL_OUT_MS,
);
