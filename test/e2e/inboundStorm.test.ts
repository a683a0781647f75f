import { findDuplicates, findInversions, findLost, type CheckedSend } from '../../src/sandbox/checkers';
import { GHL_FAULTS, type GhlFaultInput } from '../../src/sandbox/ghl';
import { eventually } from '../support/adminClient';
import { startProcess, type BridgeProcess } from '../support/bridgeProcess';
import { addNumber, type CrashNumber } from '../support/crashNumbers';
import { describeMysql } from '../support/mysqlServer';
import { useTemporal } from '../support/temporalServer';
import { openWorld, type World } from '../support/world';

/** A dead worker is noticed after the heartbeat timeout; two cores may be shared by several such worlds. */
jest.setTimeout(180_000);
const ALL_THERE_MS = 150_000;

/** Twenty locations, for GHL takes a hundred requests of each in ten seconds; fifty messages in each. */
const LOCATIONS = 20;
const CONTACTS = 10;
const MESSAGES = 5;

/** What is not looked for every second leaves the processor to the messages. */
const SETTINGS = { PROBE_INTERVAL_MS: '600000', SWEEP_INTERVAL_MS: '5000', LOG_LEVEL: 'warn' };

/** What GHL does with two posts of a location; one kind for each. */
const NASTY: readonly GhlFaultInput[] = [
  { operation: 'inbound', end: 'status', status: 429 },
  { operation: 'inbound', end: 'status', status: 500 },
  { operation: 'inbound', end: 'status', status: 500, effect: true },
  GHL_FAULTS.inboundSwallowed,
  GHL_FAULTS.inboundStoredSilently,
  { operation: 'inbound', end: 'hang', effect: true },
  { operation: 'inbound', end: 'hang' },
];

/** What one person writes, in the order in which the gateway tells of it. */
interface Person {
  number: CrashNumber;
  /** Digits. */
  from: string;
  texts: string[];
}

describeMysql('a thousand messages arrive while GHL is nasty and processes are killed (MySQL)', () => {
  const temporal = useTemporal();
  let world: World;
  let ingress: BridgeProcess;
  let people: Person[];
  let written = 0;

  beforeAll(async () => {
    world = await openWorld(temporal, { store: 'mysql', env: SETTINGS });
    ingress = await startProcess(world, { role: 'ingress' });
    const doomed = await startProcess(world, { role: 'worker' });
    const numbers = [];
    for (let place = 0; place < LOCATIONS; place++)
      numbers.push(await addNumber(world, ingress.admin, `number ${place}`, place));
    people = numbers.flatMap((number, place) => peopleOf(number, place));
    for (const [place, { locationId }] of numbers.entries())
      world.ghl.fault({ ...NASTY[place % NASTY.length]!, locationId, times: 2 });

    await Promise.all([...people.map((person) => write(person)), killIngress(), killWorker(doomed)]);
  });

  async function killIngress(): Promise<void> {
    await eventually(() => expect(written).toBeGreaterThan(300), ALL_THERE_MS);
    await ingress.kill();
    expect(written).toBeLessThan(LOCATIONS * CONTACTS * MESSAGES);
    ingress = await startProcess(world, { role: 'ingress' });
  }

  async function killWorker(doomed: BridgeProcess): Promise<void> {
    await world.ghl.waitFor(() => world.ghl.messages().length > 150, ALL_THERE_MS, '150 messages in GHL');
    await doomed.kill();
    await startProcess(world, { role: 'worker' });
  }

  function peopleOf(number: CrashNumber, place: number): Person[] {
    return Array.from({ length: CONTACTS }, (_, contact) => {
      const from = `6014${String(2_000_000 + place * 1_000 + contact)}`;
      return { number, from, texts: Array.from({ length: MESSAGES }, (_text, n) => `${from} wrote ${n}`) };
    });
  }

  /** One post behind the answer to the other; what was not answered is told of again, as by another engine. */
  async function write({ number: { instanceId }, from, texts }: Person): Promise<void> {
    const second = Math.floor(Date.now() / 1_000) * 1_000;
    for (const [n, text] of texts.entries()) {
      // Within a second, and not in the order of arrival: it is that which counts.
      const message = { instanceId, from, text, id: `${from}-${n}`, at: second + ((n * 617) % 1_000) };
      const dialect = (['A', 'B', 'both'] as const)[n % 3];
      for (;;) {
        const { statuses } = await world.waapify.customerWrites({ ...message, dialect });
        if (statuses.every((status) => status === 200)) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      if (n % 4 === 0) void world.waapify.customerWrites({ ...message, dialect: 'A' });
      written += 1;
    }
  }

  /** What stands in GHL, oldest first, in the form of the checks. */
  function inGhl(): CheckedSend[] {
    const phones = new Map(world.ghl.contacts().map(({ id, phone }) => [id, phone ?? '']));
    return world.ghl.messages().map(({ id, locationId, contactId, body, type }) => ({
      instanceId: locationId,
      number: (phones.get(contactId) ?? '').replace('+', ''),
      type,
      text: body,
      gatewayId: id,
    }));
  }

  test('every one is there, once, and each person’s in the order in which they came', async () => {
    const expected = people.flatMap(({ from, texts }) => texts.map((text) => ({ number: from, text })));
    expect(expected).toHaveLength(1_000);
    await world.ghl
      .waitFor(() => world.ghl.messages().length >= expected.length, ALL_THERE_MS, 'all of them in GHL')
      .catch(() => undefined);
    const there = inGhl();
    expect(findLost(expected, there)).toEqual([]);
    expect(findDuplicates(there)).toEqual([]);
    expect(findInversions(there, Object.fromEntries(people.map(({ from, texts }) => [from, texts])))).toEqual([]);
    expect(there).toHaveLength(expected.length);
    expect(world.ghl.pendingFaults()).toBe(0);
  });
});
