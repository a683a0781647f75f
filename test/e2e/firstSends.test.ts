import { randomBytes } from 'node:crypto';
import type { Address } from '../../src/domain/address';
import type { Content } from '../../src/domain/content';
import { planParts } from '../../src/domain/parts';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { untilInbound, untilTold } from '../support/looks';
import { LIMITS } from '../support/partLimits';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;
let count = 0;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

afterEach(() => world.waapify.clearFaults());

const freshPhone = (): string => `+6012360${String(++count).padStart(4, '0')}`;
const sendsTo = (receiver: string) => world.waapify.sends(INSTANCE).filter((one) => one.number === receiver);
const checksOf = (phone: string) =>
  world.waapify.requests.entries.filter(
    ({ params }) => params.type === 'check_phone' && params.number === phone.slice(1),
  );

test('a number is asked for before the first send, and not again', async () => {
  const phone = freshPhone();
  for (const text of ['one', 'two']) {
    const sent = await world.agentSends(text, { phone });
    await bridge.admin.untilState(LOCATION, sent.messageId, 'read');
  }
  expect(checksOf(phone)).toHaveLength(1);
  expect(sendsTo(phone.slice(1))).toHaveLength(2);
});

test.each(['exists_false', 'empty_data', 'error'] as const)(
  'a number that is not on WhatsApp fails at once, in words, and nothing is sent (%s)',
  async (negativeCheck) => {
    const phone = freshPhone();
    world.waapify.configure({ negativeCheck });
    world.waapify.setContact(phone.slice(1), { exists: false });
    const sent = await world.agentSends('hello?', { phone });
    expect(await bridge.admin.untilState(LOCATION, sent.messageId, 'failed')).toMatchObject({
      reason: 'not_on_whatsapp',
    });
    const told = await untilTold(world, sent.messageId, 'failed');
    expect(told.error?.message).toContain('not on WhatsApp');
    expect(sendsTo(phone.slice(1))).toEqual([]);
  },
);

test.each(['error', 'hang'] as const)('a check that ends in "%s" holds nothing', async (end) => {
  const phone = freshPhone();
  world.waapify.fault({ type: 'check_phone', number: phone.slice(1), end, times: 1 });
  const sent = await world.agentSends('hello', { phone });
  await bridge.admin.untilState(LOCATION, sent.messageId, 'read');
  expect(sendsTo(phone.slice(1))).toHaveLength(1);
});

test('an account known under another number is written to there, and its answer finds the same contact', async () => {
  const [asked, known] = ['+5511912345678', '+551112345678'];
  world.waapify.setContact(asked.slice(1), { knownAs: known.slice(1) });
  const sent = await world.agentSends('Bom dia', { phone: asked });
  await bridge.admin.untilState(LOCATION, sent.messageId, ['sent', 'delivered', 'read']);
  expect(sendsTo(known.slice(1))).toHaveLength(1);
  await world.waapify.customerWrites({ instanceId: INSTANCE, from: known.slice(1), text: 'Oi!' });
  const answer = await untilInbound(world, 'Oi!');
  expect(answer.contactId).toBe(sent.contactId);
});

/** What no Delivery post can ask for yet comes in as an action or the API will bring it: straight to the ledger. */
async function accept(content: Content, address: Address): Promise<string> {
  const messageKey = `api-${randomBytes(6).toString('hex')}`;
  const ids = { source: 'api', sourceKey: messageKey, messageKey, ghlMessageId: null, providerId: null };
  const parts = planParts(content, LIMITS, null);
  const rest = { channel: 'whatsapp' as const, contactId: messageKey, address, content, parts, prepare: true };
  bridge.app.starter.startMessage(
    await bridge.app.store.messages.acceptOutbound({ locationId: LOCATION }, { ...ids, ...rest }),
  );
  return messageKey;
}

test('a template is sent by its name', async () => {
  const phone = freshPhone();
  const key = await accept({ v: 1, template: 'welcome' }, { channel: 'whatsapp', value: phone });
  await bridge.admin.untilState(LOCATION, key, ['delivered', 'read']);
  expect(sendsTo(phone.slice(1))).toMatchObject([{ type: 'template', text: 'welcome' }]);
});

test('a message to a group goes to the group, is not asked for as a number, and its echo is its delivery', async () => {
  const group = '120363021234567890@g.us';
  const key = await accept({ v: 1, text: 'Hello all' }, { channel: 'whatsapp', value: group });
  await bridge.admin.untilState(LOCATION, key, 'delivered');
  expect(sendsTo(group)).toMatchObject([{ type: 'text', text: 'Hello all' }]);
});
