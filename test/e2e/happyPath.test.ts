import { eventually } from '../support/adminClient';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { inboundWith, sentWith, untilInbound, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, PHONE, type World } from '../support/world';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

test('an agent types, the phone rings, GHL shows delivered and read', async () => {
  const sent = await world.agentSends('Your order is ready.');
  expect(sent.status).toBe(200);
  const out = await untilSent(world, 'Your order is ready.');
  expect(out.number).toBe(PHONE.slice(1));
  await untilTold(world, sent.messageId, 'read');
  const history = world.ghl.message(sent.messageId)!.statusHistory.map((change) => change.status);
  expect(history.at(-1)).toBe('read');
  expect(history.indexOf('delivered')).toBeLessThanOrEqual(history.indexOf('read'));
  const answer = await bridge.admin.untilState(LOCATION, sent.messageId, 'read');
  expect(answer.parts).toHaveLength(1);
  expect(answer.parts[0]).toMatchObject({ n: 1, state: 'read', gatewayId: out.gatewayId });
  expect(answer.workflowId).toBe(`outbound:${LOCATION}:${sent.messageId}`);
});

test('the whole life of the message stands in Temporal', async () => {
  const sent = await world.agentSends('One more thing.');
  await untilTold(world, sent.messageId, 'read');
  const handle = bridge.temporal.client.workflow.getHandle(`outbound:${LOCATION}:${sent.messageId}`);
  await expect(handle.result()).resolves.toEqual({ state: 'read' });
  await eventually(async () => {
    const found = [];
    const query = `LocationId="${LOCATION}" AND MessageStatus="read" AND Channel="whatsapp"`;
    for await (const one of bridge.temporal.client.workflow.list({ query })) found.push(one.workflowId);
    expect(found).toContain(handle.workflowId);
  });
});

test("the customer's answer appears in the conversation, once, dated by WhatsApp", async () => {
  const { contactId } = await world.agentSends('Here you are.');
  await untilSent(world, 'Here you are.');
  const at = Date.now() - 5_000;
  const told = await world.waapify.customerWrites({
    instanceId: INSTANCE,
    from: PHONE.slice(1),
    text: 'Thank you!',
    dialect: 'both',
    at,
  });
  const posted = await untilInbound(world, 'Thank you!');
  expect(posted.altId).toBe(told.gatewayId);
  expect(posted.contactId).toBe(contactId);
  await world.waapify.customerWrites({
    instanceId: INSTANCE,
    from: PHONE.slice(1),
    text: 'Thank you!',
    dialect: 'A',
    id: told.gatewayId,
    at,
  });
  await world.waapify.customerWrites({ instanceId: INSTANCE, from: PHONE.slice(1), text: 'Bye.' });
  await untilInbound(world, 'Bye.');
  expect(inboundWith(world, 'Thank you!')).toHaveLength(1);
});

test('one send, however the receipts come', async () => {
  const { messageId } = await world.agentSends('Only once.');
  await untilTold(world, messageId, 'read');
  const later = await world.agentSends('And then this.');
  await untilTold(world, later.messageId, 'read');
  expect(sentWith(world, 'Only once.')).toHaveLength(1);
});
