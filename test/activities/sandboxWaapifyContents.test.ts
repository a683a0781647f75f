import type { GatewayEvent } from '../../src/channels/gateway';
import { parseWebhook } from '../../src/channels/whatsapp/webhook';
import { startSandboxWaapify, type CustomerMessage, type SandboxWaapify } from '../../src/sandbox/waapify';
import { CONTENT_NAMES } from '../../src/sandbox/waapify/webhooks/contents';
import { INSTANCE, NUMBER } from '../support/sandboxGateway';
import { startReceiver, type Receiver } from '../support/sandboxReceiver';

const UNSUPPORTED = '[a kind of message that is not supported: open WhatsApp on the phone]';

let waapify: SandboxWaapify;
let bridge: Receiver;
beforeAll(async () => {
  bridge = await startReceiver();
  const webhook = { url: `${bridge.url}/hook`, enabled: true };
  waapify = await startSandboxWaapify({ instances: [{ id: INSTANCE, number: '60110000001', auto: {}, webhook }] });
});
afterAll(async () => {
  await waapify.stop();
  await bridge.stop();
});

/** What the bridge makes of the last webhook. */
const heard = (): GatewayEvent[] => parseWebhook({ instanceId: INSTANCE }, bridge.posts.entries.at(-1)!.raw, 1);
const write = async (more: Partial<CustomerMessage>): Promise<GatewayEvent[]> => {
  await waapify.customerWrites({ instanceId: INSTANCE, from: NUMBER, text: 'hello', id: 'M1', at: 1_000, ...more });
  return heard();
};

test.each(CONTENT_NAMES)('a customer sends %s, and both dialects say the same of it', async (kind) => {
  const [[passed], [flattened]] = [await write({ kind }), await write({ kind, dialect: 'B' })];
  expect(passed).toMatchObject({ kind: 'message', gatewayId: 'M1' });
  expect(passed).toEqual({ ...flattened, at: 1_000 });
  expect(JSON.stringify(passed).includes(UNSUPPORTED)).toBe(kind === 'unknown');
});

test('a customer sends a file with its reference, as an answer, and flattened to the bone', async () => {
  const file = { mediaKey: Buffer.alloc(32, 7).toString('base64'), directPath: '/v/a.enc' };
  expect(await write({ kind: 'image', file, quotes: { id: 'Q1', text: 'Which one?' } })).toMatchObject([
    { content: { text: '> Which one?\nhello', file: { kind: 'image', ...file }, replyTo: 'Q1' } },
  ]);
  expect(await write({ kind: 'image', dialect: 'B', bare: true })).toMatchObject([
    { content: { text: '[picture: open WhatsApp on the phone] hello' } },
  ]);
  expect(await write({ quotes: { id: 'Q1', text: 'Which one?' } })).toMatchObject([
    { content: { text: '> Which one?\nhello', replyTo: 'Q1' } },
  ]);
});

test('a customer calls: what comes of one call has one id', async () => {
  const ids: unknown[] = [];
  for (const status of ['offer', 'ringing', 'timeout'] as const) {
    await waapify.customerCalls({ instanceId: INSTANCE, from: NUMBER, status, id: 'C1', video: true });
    ids.push(...heard().flatMap((event) => ('gatewayId' in event ? [event.gatewayId] : [])));
  }
  expect(ids).toEqual(['C1']);
  expect(heard()).toMatchObject([{ content: { text: '[missed video call]' } }]);
  const nobody = { instanceId: 'NOBODY', from: NUMBER, status: 'offer' } as const;
  await expect(waapify.customerCalls(nobody)).rejects.toMatchObject({ code: 'not_found' });
});

test('the gateway tells of people', async () => {
  await waapify.tellContacts(INSTANCE, [{ id: `${NUMBER}@s.whatsapp.net`, lid: '275612345678901@lid' }]);
  expect(heard()).toEqual([{ kind: 'contacts', pairs: [{ lid: '275612345678901', phone: `+${NUMBER}` }] }]);
});
