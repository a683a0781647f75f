import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

const OTHER = { location: 'sbx-location-2', instance: '609ACF2830002', number: '60110000002' };
const CUSTOMERS = 15;
const EACH = 20;
/** 300 posts, and 15 contacts that are looked for and made first: about 330 requests, 100 in 10 seconds. */
const ALL_MS = 120_000;

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
  world.ghl.addLocation({ id: OTHER.location });
  await world.install(OTHER.location);
  world.waapify.addInstance({ id: OTHER.instance, token: world.waapify.token, number: OTHER.number });
  await bridge.admin.connect({
    locationId: OTHER.location,
    instanceId: OTHER.instance,
    token: world.waapify.token,
  });
});

const inboundOf = (locationId: string) =>
  world.ghl.messages(locationId).filter(({ direction }) => direction === 'inbound');

async function writesAll(from: string): Promise<void> {
  for (let n = 1; n <= EACH; n++)
    await world.waapify.customerWrites({ instanceId: INSTANCE, from, text: `${from} ${n}` });
}

test('300 posts to one location: GHL refuses none, all arrive in order, and another location does not wait', async () => {
  const customers = Array.from({ length: CUSTOMERS }, (_, n) => `601700000${String(10 + n)}`);
  await Promise.all(customers.map(writesAll));
  await world.ghl.waitFor(() => inboundOf(LOCATION).length >= 60, 60_000, 'the first posts');

  await world.waapify.customerWrites({ instanceId: OTHER.instance, from: '60179999999', text: 'and me?' });
  await world.ghl.waitFor(() => inboundOf(OTHER.location)[0], 15_000, "the other location's post");
  expect(inboundOf(LOCATION).length).toBeLessThan(CUSTOMERS * EACH);

  await world.ghl.waitFor(() => inboundOf(LOCATION).length >= CUSTOMERS * EACH, ALL_MS, 'all posts');
  for (const from of customers) {
    const texts = inboundOf(LOCATION)
      .filter(({ body }) => body.startsWith(from))
      .map(({ body }) => body);
    expect(texts).toEqual(Array.from({ length: EACH }, (_, n) => `${from} ${n + 1}`));
  }
  expect(world.ghl.journal.entries.filter(({ status }) => status === 429)).toEqual([]);
}, 200_000);
