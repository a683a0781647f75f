import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { bodiesOf, customerWrites, faultIsSpent } from '../support/inboundLooks';
import { inboundWith, untilInbound } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { openWorld, type World } from '../support/world';
import { GHL_FAULTS, type GhlFaultInput } from '../../src/sandbox/ghl';

/** After a post without a clear answer GHL is asked ten seconds later, after fifteen of silence. */
const LOOKED_UP_MS = 45_000;

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

afterEach(() => world.ghl.clearFaults());

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

test(
  `the post to GHL ends unclear, exactly one message each: ${UNCLEAR.map(([name]) => name).join('; ')}`,
  async () => {
    const written = [];
    for (const [index, [name, fault]] of UNCLEAR.entries()) {
      const contact = `6013000000${index}`;
      world.ghl.fault(fault);
      const altId = await customerWrites(world, contact, name);
      await faultIsSpent(world);
      // Behind the unclear one: it must neither overtake nor be held up for good.
      await customerWrites(world, contact, `after ${name}`);
      written.push({ name, altId });
    }
    for (const { name, altId } of written) {
      const after = await untilInbound(world, `after ${name}`, LOOKED_UP_MS);
      expect(bodiesOf(world, after.contactId)).toEqual([name, `after ${name}`]);
      expect(inboundWith(world, name)[0]!.altId).toBe(altId);
    }
  },
  2 * LOOKED_UP_MS,
);

test(
  'the look-up after an unclear post fails as well: still exactly one message',
  async () => {
    world.ghl.fault(GHL_FAULTS.inboundStoredSilently);
    world.ghl.fault({ operation: 'searchConversations', end: 'status', status: 500 });
    await customerWrites(world, '60130000077', 'unclear twice over');
    await faultIsSpent(world);
    await customerWrites(world, '60130000077', 'after the unclear look-up');
    const after = await untilInbound(world, 'after the unclear look-up', LOOKED_UP_MS);
    expect(bodiesOf(world, after.contactId)).toEqual(['unclear twice over', 'after the unclear look-up']);
  },
  2 * LOOKED_UP_MS,
);
