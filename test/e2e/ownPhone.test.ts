import { WAAPIFY_FAULTS } from '../../src/sandbox/waapify';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { customerWrites } from '../support/inboundLooks';
import { sentWith, untilInbound, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, PHONE, type World } from '../support/world';

const NUMBER = PHONE.slice(1);

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

afterEach(() => world.waapify.clearFaults());

/** What GHL shows with this text that no agent typed there. */
const logged = (text: string) =>
  world.ghl.messages(LOCATION).filter((one) => one.body === text && one.source === 'api');
const untilLogged = (text: string) => world.ghl.waitFor(() => logged(text)[0], 30_000, `"${text}" from the phone`);
const unreadOf = (conversationId: string) =>
  world.ghl.conversations(LOCATION).find(({ id }) => id === conversationId)!.unreadCount;

test('what is typed on the phone appears in GHL as outbound, once, and marks the conversation as read', async () => {
  await customerWrites(world, NUMBER, 'Are you open?');
  const asked = await untilInbound(world, 'Are you open?');
  expect(unreadOf(asked.conversationId)).toBe(1);
  const typed = { instanceId: INSTANCE, to: NUMBER, text: 'Yes, until six.', dialect: 'both' as const };
  const { gatewayId } = await world.waapify.phoneWrites(typed);
  const shown = await untilLogged('Yes, until six.');
  expect(shown).toMatchObject({ direction: 'outbound', altId: gatewayId, contactId: asked.contactId });
  await world.ghl.waitFor(() => unreadOf(asked.conversationId) === 0, 30_000, 'the conversation to be read');
  await customerWrites(world, NUMBER, 'Thanks!');
  await untilInbound(world, 'Thanks!');
  expect(unreadOf(asked.conversationId)).toBe(1);
  expect(logged('Yes, until six.')).toHaveLength(1);
  expect(world.waapify.sends(INSTANCE)).toEqual([]);
});

test('our own send never does, whether its echo comes before the answer or its answer is lost', async () => {
  for (const [text, fault] of [
    ['echo first', WAAPIFY_FAULTS.echoBeforeReply],
    ['answer lost', WAAPIFY_FAULTS.nullAfterSending],
  ] as const) {
    world.waapify.fault(fault);
    const { messageId } = await world.agentSends(text);
    await untilSent(world, text);
    await untilTold(world, messageId, 'read');
  }
  // Typed while a send to the same contact has no clear answer: it is shown when that is settled.
  world.waapify.fault({ ...WAAPIFY_FAULTS.nullAfterSending, echo: 'lost' });
  await world.agentSends('no echo of this one');
  await untilSent(world, 'no echo of this one');
  await world.waapify.phoneWrites({ instanceId: INSTANCE, to: NUMBER, text: 'typed meanwhile' });
  expect(await untilLogged('typed meanwhile')).toMatchObject({ direction: 'outbound' });
  for (const text of ['echo first', 'answer lost', 'no echo of this one']) {
    expect(logged(text)).toEqual([]);
    expect(sentWith(world, text)).toHaveLength(1);
  }
});
