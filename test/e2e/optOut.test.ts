import { eventually } from '../support/adminClient';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
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

const customerWrites = (text: string) =>
  world.waapify.customerWrites({ instanceId: INSTANCE, from: PHONE.slice(1), text, dialect: 'both' });
const textsSent = () => world.waapify.sends(INSTANCE).map(({ text }) => text);
const inbound = () => world.ghl.messages(LOCATION).filter(({ direction }) => direction === 'inbound');
const dnd = () => {
  const { dndSettings } = world.ghl.contacts(LOCATION)[0]!.fields;
  return (dndSettings as { SMS?: { status: string } } | undefined)?.SMS?.status;
};

test('a contact who says STOP gets one confirmation and nothing more, until START', async () => {
  const hello = await world.agentSends('Hello');
  await bridge.admin.untilState(LOCATION, hello.messageId, ['sent', 'delivered', 'read']);

  await customerWrites('Stop!');
  await eventually(() => expect(dnd()).toBe('active'));
  await eventually(() => expect(textsSent()).toEqual(['Hello', expect.stringContaining('Reply START')]));
  await customerWrites('STOP');
  await eventually(() => expect(inbound().map(({ body }) => body)).toEqual(['Stop!', 'STOP']));

  const refused = await world.agentSends('One more offer');
  await bridge.admin.untilState(LOCATION, refused.messageId, 'failed');
  await eventually(() => expect(world.ghl.message(refused.messageId)?.status).toBe('failed'));
  expect(world.ghl.message(refused.messageId)?.error).toMatchObject({ code: 'opted_out' });
  expect(textsSent()).toHaveLength(2);

  await customerWrites('start');
  await eventually(() => expect(dnd()).toBe('inactive'));
  const back = await world.agentSends('Welcome back');
  await bridge.admin.untilState(LOCATION, back.messageId, ['sent', 'delivered', 'read']);
  expect(textsSent()).toEqual(['Hello', expect.stringContaining('Reply START'), 'Welcome back']);
});

test('a word of the location counts in place of ours, and a STOP holds for what was accepted before it', async () => {
  const settings = { stopWords: ['tak nak'], stopConfirmation: 'Baik.' };
  expect((await bridge.admin.call('PATCH', `/admin/v1/locations/${LOCATION}`, settings)).status).toBe(200);
  const { id: connectionId } = (await bridge.app.store.connections.list())[0]!;
  // Whom the contact has written to answers: both are replies.
  await bridge.admin.call('PATCH', `/admin/v1/connections/${connectionId}`, { paceReplyMs: '3000-3000' });
  await world.agentSends('To somebody else', { phone: '+60129999999' });
  const early = await world.agentSends('Accepted before the word');
  await customerWrites('Tak nak');
  await bridge.admin.untilState(LOCATION, early.messageId, 'failed');
  await eventually(() => expect(textsSent()).toEqual(expect.arrayContaining(['To somebody else', 'Baik.'])));
  expect(textsSent()).not.toContain('Accepted before the word');
});
