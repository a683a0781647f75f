import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { expectOnlyForward, sentWith, timesAsked, toldOf, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

const SERVER = 2;
const DELIVERED = 3;
const READ = 4;

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
  nothingByItself();
});

afterEach(() => {
  expectOnlyForward(world);
  nothingByItself();
});

/** Each case posts its echo and receipts by hand. */
function nothingByItself(): void {
  world.waapify.setAuto(INSTANCE, { echo: false, server: false, delivered: false, read: false, reversed: false });
}

/** The agent sends; resolves once the gateway has answered and the ledger knows. */
async function sent(text: string): Promise<{ messageId: string; gatewayId: string }> {
  const { messageId } = await world.agentSends(text);
  await bridge.admin.untilState(LOCATION, messageId, 'sent');
  return { messageId, gatewayId: (await untilSent(world, text)).gatewayId };
}

/** Posts that came before this one have been applied by the time GHL shows it: one connection's posts keep their order. */
async function laterReceiptIsTold(text: string): Promise<void> {
  const { messageId, gatewayId } = await sent(text);
  await world.waapify.receipt(gatewayId, DELIVERED);
  await untilTold(world, messageId, 'delivered');
}

test('delivered before the HTTP reply', async () => {
  world.waapify.fault({ end: 'pass', replyAfterMs: 1_000, text: 'before the reply' });
  const { messageId } = await world.agentSends('before the reply');
  const { gatewayId } = await untilSent(world, 'before the reply');
  const posted = await world.waapify.receipt(gatewayId, DELIVERED);
  expect(posted.status).toBe(200);
  const asked = world.waapify.requests.entries.findLast(({ endpoint }) => endpoint === 'send');
  expect(asked!.status).toBe(0);
  await untilTold(world, messageId, 'delivered');
  expect(toldOf(world, messageId)).toEqual(['pending', 'delivered']);
  expect(timesAsked(world, 'before the reply')).toBe(1);
});

test('echo and all receipts before the HTTP reply', async () => {
  world.waapify.fault({ end: 'pass', echo: 'first', replyAfterMs: 1_000, text: 'all before the reply' });
  const { messageId } = await world.agentSends('all before the reply');
  const { gatewayId } = await untilSent(world, 'all before the reply');
  for (const level of [READ, SERVER, DELIVERED]) await world.waapify.receipt(gatewayId, level);
  await untilTold(world, messageId, 'read');
  expect(toldOf(world, messageId)).toEqual(['pending', 'read']);
  expect(timesAsked(world, 'all before the reply')).toBe(1);
});

test('read before delivered: GHL goes to read and stays there', async () => {
  const { messageId, gatewayId } = await sent('read first');
  await world.waapify.receipt(gatewayId, READ);
  await untilTold(world, messageId, 'read');
  await world.waapify.receipt(gatewayId, DELIVERED);
  await laterReceiptIsTold('after read first');
  expect(toldOf(world, messageId)).toEqual(['pending', 'read']);
  expect((await bridge.admin.message(LOCATION, messageId)).state).toBe('read');
});

test('receipts before the echo', async () => {
  const { messageId, gatewayId } = await sent('echo last');
  for (const level of [SERVER, DELIVERED, READ]) await world.waapify.receipt(gatewayId, level);
  await untilTold(world, messageId, 'read');
  await world.waapify.echo(gatewayId);
  await laterReceiptIsTold('after echo last');
  expect(await bridge.admin.message(LOCATION, messageId)).toMatchObject({ state: 'read', parts: [{ gatewayId }] });
  expect(world.ghl.messages(LOCATION).filter(({ body }) => body === 'echo last')).toHaveLength(1);
});

test('duplicate receipts, and the echo twice in both dialects', async () => {
  const { messageId, gatewayId } = await sent('twice everything');
  for (const dialect of ['A', 'both'] as const) await world.waapify.echo(gatewayId, { dialect });
  for (const level of [SERVER, SERVER, DELIVERED, DELIVERED]) await world.waapify.receipt(gatewayId, level);
  await untilTold(world, messageId, 'delivered');
  for (const level of [READ, READ, DELIVERED, READ]) await world.waapify.receipt(gatewayId, level);
  await untilTold(world, messageId, 'read');
  await laterReceiptIsTold('after twice everything');
  expect(toldOf(world, messageId)).toEqual(['pending', 'delivered', 'read']);
});

test('the same receipts posted at once', async () => {
  const { messageId, gatewayId } = await sent('at once');
  const levels = [SERVER, DELIVERED, READ, SERVER, DELIVERED, READ];
  const posts = await Promise.all(levels.map((level) => world.waapify.receipt(gatewayId, level)));
  expect(posts.map(({ status }) => status)).toEqual(levels.map(() => 200));
  await untilTold(world, messageId, 'read');
});

test('out of order: read first, server ack last, each by itself', async () => {
  world.waapify.setAuto(INSTANCE, { echo: true, server: true, delivered: true, read: true, reversed: true });
  const { messageId } = await world.agentSends('reversed');
  await untilTold(world, messageId, 'read');
  nothingByItself();
  await laterReceiptIsTold('after reversed');
  expect(toldOf(world, messageId)).toEqual(['pending', 'read']);
});

test('server ack only: it is sent, GHL keeps pending; a delivery receipt still advances it', async () => {
  const { messageId, gatewayId } = await sent('server ack only');
  await world.waapify.echo(gatewayId);
  await world.waapify.receipt(gatewayId, SERVER);
  await laterReceiptIsTold('after server ack only');
  expect((await bridge.admin.message(LOCATION, messageId)).state).toBe('sent');
  expect(toldOf(world, messageId)).toEqual(['pending']);
  await world.waapify.receipt(gatewayId, DELIVERED);
  await untilTold(world, messageId, 'delivered');
});

test('a nack after the server ack: unknown at once, told in words, not sent again, corrected by a later receipt', async () => {
  const { messageId, gatewayId } = await sent('nack');
  await world.waapify.receipt(gatewayId, SERVER);
  await world.waapify.receipt(gatewayId, 0, '463');
  const failed = await untilTold(world, messageId, 'failed', 10_000);
  expect(failed.error).toMatchObject({ code: 'nack', message: expect.stringContaining('Ask the contact') });
  expect((await bridge.admin.message(LOCATION, messageId)).state).toBe('unknown');
  await world.waapify.receipt(gatewayId, DELIVERED);
  await untilTold(world, messageId, 'delivered');
  expect(toldOf(world, messageId)).toEqual(['pending', 'failed', 'delivered']);
  expect(sentWith(world, 'nack')).toHaveLength(1);
});

test('a nack before the HTTP reply counts too', async () => {
  world.waapify.fault({ end: 'pass', replyAfterMs: 1_000, text: 'early nack' });
  const { messageId } = await world.agentSends('early nack');
  const { gatewayId } = await untilSent(world, 'early nack');
  await world.waapify.receipt(gatewayId, 0, '463');
  await untilTold(world, messageId, 'failed');
  expect((await bridge.admin.message(LOCATION, messageId)).state).toBe('unknown');
});

test('a nack after delivered changes nothing', async () => {
  const { messageId, gatewayId } = await sent('late nack');
  await world.waapify.receipt(gatewayId, DELIVERED);
  await untilTold(world, messageId, 'delivered');
  await world.waapify.receipt(gatewayId, 0, '463');
  await laterReceiptIsTold('after late nack');
  expect((await bridge.admin.message(LOCATION, messageId)).state).toBe('delivered');
  expect(toldOf(world, messageId)).toEqual(['pending', 'delivered']);
});

test('a receipt of a message that nobody knows harms nothing', async () => {
  const { messageId, gatewayId } = await sent('known');
  const { number } = sentWith(world, 'known')[0]!;
  const key = { remoteJid: `${number}@s.whatsapp.net`, fromMe: true, id: '3EB0STRANGER' };
  const data = { event: 'messages.update', data: [{ key, update: { status: READ } }] };
  const posted = await world.waapify.postWebhook(INSTANCE, { instance_id: INSTANCE, data });
  expect(posted.status).toBe(200);
  await world.waapify.receipt(gatewayId, DELIVERED);
  await untilTold(world, messageId, 'delivered');
  expect(toldOf(world, messageId)).toEqual(['pending', 'delivered']);
});
