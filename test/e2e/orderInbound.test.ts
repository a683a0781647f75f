import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { bodiesOf, customerWrites, faultIsSpent } from '../support/inboundLooks';
import { inboundWith, untilInbound } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { LOCATION, openWorld, type World } from '../support/world';

/** Back-offs of five and ten seconds, GHL's burst interval of ten. */
const TRIED_AGAIN_MS = 45_000;

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

afterEach(() => world.ghl.clearFaults());

test('one contact keeps its order while its first message is tried again; another contact passes', async () => {
  // An answer that leaves it open is looked into ten seconds later. (A 429 would stop the whole location.)
  world.ghl.fault({ operation: 'inbound', end: 'status', status: 500 });
  const texts = [1, 2, 3, 4, 5].map((n) => `in order ${n}`);
  for (const text of texts) await customerWrites(world, '60131111111', text);
  await faultIsSpent(world);
  await customerWrites(world, '60132222222', 'meanwhile');
  await untilInbound(world, 'meanwhile');
  expect(inboundWith(world, 'in order 1')).toHaveLength(0);
  const last = await untilInbound(world, 'in order 5', TRIED_AGAIN_MS);
  expect(bodiesOf(world, last.contactId)).toEqual(texts);
});

test('both dialects for one message, then a double of it: one message', async () => {
  const id = await customerWrites(world, '60133333333', 'said once', { dialect: 'both' });
  await untilInbound(world, 'said once');
  await customerWrites(world, '60133333333', 'said once', { id, dialect: 'B' });
  await customerWrites(world, '60133333333', 'something else');
  const other = await untilInbound(world, 'something else');
  expect(bodiesOf(world, other.contactId)).toEqual(['said once', 'something else']);
});

test('GHL is down: what customers write arrives when it is back, in order, once', async () => {
  await world.ghl.pause();
  const texts = [1, 2, 3].map((n) => `GHL is down ${n}`);
  for (const text of texts) await customerWrites(world, '60134444444', text);
  await bridge.admin.untilState(LOCATION, `waapify-${await keyOf('60134444444', 'probe')}`, 'waiting');
  await world.ghl.resume();
  const last = await untilInbound(world, 'probe', TRIED_AGAIN_MS);
  expect(bodiesOf(world, last.contactId)).toEqual([...texts, 'probe']);
});

/** The customer writes; returns the source key of the message in the ledger. */
async function keyOf(from: string, text: string): Promise<string> {
  const gatewayId = await customerWrites(world, from, text);
  const [connection] = await bridge.app.store.connections.list();
  return `${connection!.id}:${gatewayId}`;
}

test('a contact that was deleted in GHL is made anew, and what follows stays with the new one', async () => {
  await customerWrites(world, '60135555555', 'before the deletion');
  const before = await untilInbound(world, 'before the deletion');
  world.ghl.deleteContact(before.contactId);
  await customerWrites(world, '60135555555', 'after the deletion');
  await customerWrites(world, '60135555555', 'and one more');
  const after = await untilInbound(world, 'and one more');
  expect(after.contactId).not.toBe(before.contactId);
  expect(bodiesOf(world, after.contactId)).toEqual(['after the deletion', 'and one more']);
  expect(world.ghl.contacts(LOCATION).filter(({ phone }) => phone === '+60135555555')).toHaveLength(1);
});

test('an expired token on the inbound post: refreshed once, then posted once', async () => {
  const { version } = (await bridge.app.store.tokens.read(LOCATION))!;
  world.ghl.expireAccessTokens(LOCATION);
  for (const n of [1, 2, 3]) await customerWrites(world, `6013666666${n}`, `token ran out ${n}`);
  for (const n of [1, 2, 3]) {
    await untilInbound(world, `token ran out ${n}`);
    expect(inboundWith(world, `token ran out ${n}`)).toHaveLength(1);
  }
  expect((await bridge.app.store.tokens.read(LOCATION))!.version).toBe(version + 1);
});
