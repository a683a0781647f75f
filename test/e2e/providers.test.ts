import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { expectOnlyForward, sentWith, untilInbound, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { CUSTOM_PROVIDER, DEFAULT_PROVIDER, INSTANCE, LOCATION, openWorld, PHONE, type World } from '../support/world';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

afterEach(() => expectOnlyForward(world));

const overCustom = { providerId: CUSTOM_PROVIDER.id, type: 'Custom' } as const;

test('the default and the custom SMS provider side by side: messages of both go out and GHL hears of both', async () => {
  const plain = await world.agentSends('over the default one');
  const extra = await world.agentSends('over the custom one', overCustom);
  expect([plain.status, extra.status]).toEqual([200, 200]);
  await untilTold(world, plain.messageId, 'read');
  await untilTold(world, extra.messageId, 'read');
  expect(sentWith(world, 'over the default one')).toHaveLength(1);
  expect(sentWith(world, 'over the custom one')).toHaveLength(1);
});

test("the secret in the Delivery URL names the provider in the ledger, whatever the message's type", async () => {
  const plain = await world.agentSends('ledger: default');
  const extra = await world.agentSends('ledger: custom', { providerId: CUSTOM_PROVIDER.id, type: 'SMS' });
  const { messages } = bridge.app.store;
  const providerOf = async (key: string) =>
    (await messages.findByKey({ locationId: LOCATION }, key))!.message.provider_id;
  expect(await providerOf(plain.messageId)).toBe(DEFAULT_PROVIDER.id);
  expect(await providerOf(extra.messageId)).toBe(CUSTOM_PROVIDER.id);
  await untilTold(world, extra.messageId, 'read');
});

test('one contact, both providers in turn: one number sends, in the order of acceptance', async () => {
  const texts = [1, 2, 3, 4, 5, 6].map((n) => `in turn ${n}`);
  for (const [index, text] of texts.entries()) await world.agentSends(text, index % 2 === 0 ? {} : overCustom);
  await untilSent(world, texts.at(-1)!);
  const sent = world.waapify.sends(INSTANCE).map(({ text }) => text);
  expect(sent.filter((text) => text.startsWith('in turn'))).toEqual(texts);
});

test("what the customer answers lands at the provider of the contact's last exchange", async () => {
  const exchanges = [
    { over: overCustom, provider: CUSTOM_PROVIDER.id, type: 'Custom' },
    { over: {}, provider: DEFAULT_PROVIDER.id, type: 'SMS' },
  ];
  for (const { over, provider, type } of exchanges) {
    const asked = await world.agentSends(`a question over ${provider}`, over);
    await untilTold(world, asked.messageId, 'read');
    const text = `the answer over ${provider}`;
    await world.waapify.customerWrites({ instanceId: INSTANCE, from: PHONE.slice(1), text });
    const { conversationProviderId, ...answer } = await untilInbound(world, text);
    expect([conversationProviderId, answer.type, answer.contactId]).toEqual([provider, type, asked.contactId]);
  }
});

test('a contact goes on the number of its tag, stays there, and is answered on the number it writes to', async () => {
  const second = '609ACF2830002';
  world.waapify.addInstance({ id: second, number: '60111111112', token: world.waapify.token });
  const tagged = await bridge.admin.connect({ locationId: LOCATION, instanceId: second, token: world.waapify.token });
  const rules = { tagConnections: [{ tag: 'VIP', connectionId: tagged }] };
  expect((await bridge.admin.call('PATCH', `/admin/v1/locations/${LOCATION}`, rules)).status).toBe(200);
  const { id: contactId } = world.ghl.addContact(LOCATION, { phone: '+60130000077', tags: ['vip'] });
  const to = { phone: '+60130000077', contactId };
  await world.agentSends('for a guest of honour', to);
  const first = await world.waapify.waitFor(
    () => world.waapify.sends(second)[0],
    30_000,
    'a send on the second number',
  );
  expect(first.text).toBe('for a guest of honour');
  await world.waapify.customerWrites({ instanceId: INSTANCE, from: '60130000077', text: 'on your first number' });
  await untilInbound(world, 'on your first number');
  await world.agentSends('where you wrote', to);
  await untilSent(world, 'where you wrote');
  expect(world.waapify.sends(second)).toHaveLength(1);
});
