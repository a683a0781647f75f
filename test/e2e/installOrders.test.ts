import { eventually } from '../support/adminClient';
import { startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { postEvent } from '../support/installBrowser';
import { ordersOf, standingAfter, STEPS, type Standing, type Step } from '../support/orders';
import { useTemporal } from '../support/temporalServer';
import { openWorld, type World } from '../support/world';

const KEY = 'the-bridge-key';
const COMPANY = 'sbx-company-1';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

/** A location of its own for each order. */
interface Place {
  order: readonly Step[];
  locationId: string;
  instance: string;
  number: string;
  messageId: string;
}
let places: Place[];

beforeAll(async () => {
  world = await openWorld(temporal, { env: { ENDPOINT_SECRET: KEY } });
  bridge = await startInProcess(world);
  places = await Promise.all(ordersOf(STEPS).map(live));
});

/** Lets everything happen to a new location, one after the other, and an agent write in it. */
async function live(order: readonly Step[], n: number): Promise<Place> {
  const locationId = `order-${n}`;
  world.ghl.addLocation({ id: locationId });
  const number = `601120000${10 + n}`;
  const { id: instance } = world.waapify.addInstance({ id: `ORDER${n}`, token: world.waapify.token, number });
  const place: Place = { order, locationId, instance, number, messageId: '' };
  for (const step of order) expect([step, await happen(step, place)]).toEqual([step, 200]);
  const { messageId } = await world.agentSends(`after ${order.join(', ')}`, { locationId });
  return { ...place, messageId };
}

async function happen(step: Step, place: Place): Promise<number> {
  const { locationId } = place;
  switch (step) {
    case 'callback':
      return (await world.install(locationId)).status;
    case 'EXTERNAL_AUTH':
      return await externalAuth(place);
    case 'UNINSTALL':
      world.ghl.revokeTokens(locationId);
      return await postEvent(world, step, { locationId, companyId: COMPANY });
    case 'INSTALL':
      return await postEvent(world, step, { locationId, companyId: COMPANY });
  }
}

async function externalAuth({ locationId, instance, number }: Place): Promise<number> {
  const typed = { access_token: world.waapify.token, instance_id: instance, whatsapp_number: `+${number}` };
  const body = JSON.stringify({ ...typed, companyId: COMPANY, locationId: [locationId] });
  const headers = { 'x-bridge-key': KEY, 'content-type': 'application/json' };
  const { status } = await fetch(`${world.publicUrl}/ghl/external-auth`, { method: 'POST', headers, body });
  await postEvent(world, 'EXTERNAL_AUTH_CONNECTED', { locationId, companyId: COMPANY, authType: 'basic' });
  return status;
}

/** What becomes of the agent's message. */
function fateAt({ state, connected }: Standing): object {
  if (state === 'uninstalled') return { state: 'cancelled', reason: 'uninstalled' };
  if (state === 'pending') return { state: 'waiting', reason: 'not_installed' };
  return connected ? { state: 'read' } : { state: 'failed', reason: 'no_connection' };
}

test.each(ordersOf(STEPS).map((order, n) => [order.join(', '), n] as const))('%s', async (_order, n) => {
  const { order, locationId, messageId } = places[n]!;
  const expected = standingAfter(order);
  await eventually(async () => {
    expect(await bridge.admin.message(locationId, messageId)).toMatchObject(fateAt(expected));
  });
  const { store } = bridge.app;
  expect(await store.installations.get(locationId)).toMatchObject({ state: expected.state });
  expect((await store.tokens.read(locationId)) !== null).toBe(expected.state === 'installed');
});
