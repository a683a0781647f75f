import { installAndConnect, startInProcess } from '../support/bridgeInProcess';
import { addNumber, type CrashNumber } from '../support/crashNumbers';
import { bodiesOf, customerWrites, faultIsSpent } from '../support/inboundLooks';
import { inboundWith, untilInbound } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { LOCATION, openWorld, type World } from '../support/world';
import { GHL_FAULTS, type GhlFaultInput } from '../../src/sandbox/ghl';

jest.setTimeout(120_000);

/** After a post without a clear answer GHL is asked ten seconds later, after fifteen of silence. */
const LOOKED_UP_MS = 45_000;

const UNCLEAR: [string, GhlFaultInput][] = [
  ['a 500, nothing stored', { operation: 'inbound', end: 'status', status: 500 }],
  ['a 500, although stored', { operation: 'inbound', end: 'status', status: 500, effect: true }],
  ['an empty 201, nothing stored', GHL_FAULTS.inboundSwallowed],
  ['an empty 201, although stored', GHL_FAULTS.inboundStoredSilently],
  ['a lost answer, although stored', GHL_FAULTS.inboundAnswerLost],
  ['a reset, nothing stored', { operation: 'inbound', end: 'reset' }],
  ['no answer, nothing stored', { operation: 'inbound', end: 'hang' }],
  ['no answer, although stored', { operation: 'inbound', end: 'hang', effect: true }],
];

const temporal = useTemporal();
let world: World;
/** Of a location of its own, in which the look-up fails too. */
let other: CrashNumber;
const written: { name: string; altId: string }[] = [];

/** Everything is written before the first look: all wait side by side for being looked up. */
beforeAll(async () => {
  world = await openWorld(temporal);
  const bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
  other = await addNumber(world, bridge.admin, 'other', 1);
  for (const [index, [name, fault]] of UNCLEAR.entries()) {
    const contact = `6013000000${index}`;
    world.ghl.fault({ ...fault, locationId: LOCATION });
    const altId = await customerWrites(world, contact, name);
    await faultIsSpent(world);
    // Behind the unclear one: it must neither overtake nor be held up for good.
    await customerWrites(world, contact, `after ${name}`);
    written.push({ name, altId });
  }
  const { instanceId, locationId } = other;
  world.ghl.fault({ ...GHL_FAULTS.inboundStoredSilently, locationId });
  world.ghl.fault({ operation: 'searchConversations', end: 'status', status: 500, locationId });
  for (const text of ['unclear twice over', 'after the unclear look-up'])
    await customerWrites(world, '60130000077', text, { instanceId });
});

test(`the post to GHL ends unclear, exactly one message each: ${UNCLEAR.map(([name]) => name).join('; ')}`, async () => {
  for (const { name, altId } of written) {
    const after = await untilInbound(world, `after ${name}`, LOOKED_UP_MS);
    expect(bodiesOf(world, after.contactId)).toEqual([name, `after ${name}`]);
    expect(inboundWith(world, name)[0]!.altId).toBe(altId);
  }
});

test('the look-up after an unclear post fails as well: still exactly one message', async () => {
  const bodies = (): string[] => world.ghl.messages(other.locationId).map(({ body }) => body);
  const isThere = (): boolean => bodies().includes('after the unclear look-up');
  await world.ghl.waitFor(isThere, LOOKED_UP_MS, 'what came behind it');
  expect(bodies()).toEqual(['unclear twice over', 'after the unclear look-up']);
  expect(world.ghl.pendingFaults()).toBe(0);
});
