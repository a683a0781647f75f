import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { bodiesOf, customerWrites } from '../support/inboundLooks';
import { untilInbound, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { CUSTOM_PROVIDER, INSTANCE, LOCATION, openWorld, type World } from '../support/world';

const GROUP = '120363000000000001@g.us';
/** Messages may be posted, looked at and moved in rounds of some seconds. */
const MERGED_MS = 30_000;

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;
let connectionId: string;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  connectionId = await installAndConnect(world, bridge.admin);
});

const contactOf = (id: string) => world.ghl.contacts(LOCATION).find((one) => one.id === id)!;
const hidden = (lid: string) => ({ lid: `${lid}@lid`, lidOnly: true });
/** An agent answers through the extra provider, the only one that posts for contacts without a phone. */
const answers = (contactId: string, text: string) =>
  world.agentSends(text, {
    ...{ contactId, phone: undefined, type: 'Custom', providerId: CUSTOM_PROVIDER.id },
    omit: contactOf(contactId).phone === undefined ? ['phone'] : [],
  });

test('whoever is known by a hidden identity alone gets a contact, which gets the number when that is learnt', async () => {
  await customerWrites(world, '60130000001', 'who am I?', { ...hidden('27560000001'), name: 'Aisyah' });
  const first = await untilInbound(world, 'who am I?');
  expect(contactOf(first.contactId)).toMatchObject({ fields: { name: 'Aisyah' } });
  expect(contactOf(first.contactId).phone).toBeUndefined();
  const answer = await answers(first.contactId, 'We can not answer yet');
  const told = await untilTold(world, answer.messageId, 'failed');
  expect(told.error?.message).toContain('does not show the phone number');
  const contact = { id: '60130000001@s.whatsapp.net', lid: '27560000001@lid' };
  await world.waapify.tellContacts(INSTANCE, [contact]);
  await world.ghl.waitFor(() => contactOf(first.contactId).phone === '+60130000001', MERGED_MS);
  await customerWrites(world, '60130000001', 'me again', hidden('27560000001'));
  expect((await untilInbound(world, 'me again')).contactId).toBe(first.contactId);
  expect(contactOf(first.contactId)).toMatchObject({ fields: { name: 'Aisyah' }, tags: [] });
});

test('two contacts of one person become one: messages move in order, the emptied conversation goes', async () => {
  await customerWrites(world, '60130000002', 'under the number');
  const known = await untilInbound(world, 'under the number');
  for (const text of ['hidden 1', 'hidden 2']) await customerWrites(world, '60130000002', text, hidden('27560000002'));
  const other = await untilInbound(world, 'hidden 2');
  expect(other.contactId).not.toBe(known.contactId);
  // An alternate in a message tells the pair.
  await customerWrites(world, '60130000002', 'both names', { lid: '27560000002@lid' });
  await world.ghl.waitFor(
    () => !world.ghl.conversations(LOCATION).some(({ contactId }) => contactId === other.contactId),
    MERGED_MS,
    'the emptied conversation to be deleted',
  );
  await untilInbound(world, 'both names');
  const bodies = bodiesOf(world, known.contactId);
  expect(bodies.filter((body) => body.startsWith('hidden'))).toEqual(['hidden 1', 'hidden 2']);
  expect(bodies).toContain('both names');
  expect(world.ghl.messages(LOCATION).filter(({ contactId }) => contactId === other.contactId)).toEqual([]);
});

test('what is answered from here teaches who it is: the number was asked for', async () => {
  world.waapify.setContact('60130000003', { lid: '27560000003@lid' });
  await world.agentSends('Hello from the shop', { phone: '+60130000003' });
  await untilSent(world, 'Hello from the shop');
  await customerWrites(world, '60130000003', 'Hello shop', hidden('27560000003'));
  const answer = await untilInbound(world, 'Hello shop');
  expect(contactOf(answer.contactId).phone).toBe('+60130000003');
});

test('a group has one contact when groups are on, says who wrote, and is answered as a group', async () => {
  await customerWrites(world, '60130000004', 'nobody hears this', { group: GROUP, name: 'Ben' });
  // A connection's posts keep their order: once this one is seen, the one before has been read with groups off.
  await customerWrites(world, '60130000006', 'to the shop itself');
  await untilInbound(world, 'to the shop itself');
  const patched = await bridge.admin.call('PATCH', `/admin/v1/connections/${connectionId}`, { groups: true });
  expect(patched.status).toBe(200);
  const named = { event: 'groups.update', data: [{ id: GROUP, subject: 'Family' }] };
  await world.waapify.postWebhook(INSTANCE, { instance_id: INSTANCE, data: named });
  await customerWrites(world, '60130000004', 'hello all', { group: GROUP, name: 'Ben' });
  await customerWrites(world, '60130000005', 'hi Ben', { group: GROUP, name: 'Cem' });
  const first = await untilInbound(world, 'Ben: hello all');
  const second = await untilInbound(world, 'Cem: hi Ben');
  expect(second.contactId).toBe(first.contactId);
  expect(contactOf(first.contactId)).toMatchObject({ fields: { name: 'Family' } });
  const answer = await answers(first.contactId, 'Welcome everybody');
  const sent = await untilSent(world, 'Welcome everybody');
  expect(sent.number).toBe(GROUP);
  await untilTold(world, answer.messageId, 'delivered');
  const texts = world.ghl.messages(LOCATION).map(({ body }) => body);
  expect(texts.filter((text) => text.includes('nobody hears this'))).toEqual([]);
});
