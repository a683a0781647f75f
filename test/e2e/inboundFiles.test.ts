import { createHash } from 'node:crypto';
import type { GhlMessage } from '../../src/sandbox/ghl';
import type { HostedFileInput } from '../../src/sandbox/waapify';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { customerWrites } from '../support/inboundLooks';
import { untilInbound } from '../support/looks';
import { sample } from '../support/mediaSamples';
import { useTemporal } from '../support/temporalServer';
import { CUSTOM_PROVIDER, DEFAULT_PROVIDER, LOCATION, openWorld, type World } from '../support/world';

/** Instead of a minute, where a file is to be waited for in vain. */
const HOLD_MS = 1_000;

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;
let hosts: string;

beforeAll(async () => {
  world = await openWorld(temporal);
  hosts = [world.ghl.url, world.waapify.url].map((url) => new URL(url).host).join();
  bridge = await startInProcess(world, { env: { MEDIA_ALLOW_HOSTS: hosts } });
  await installAndConnect(world, bridge.admin);
});

/** A customer sends a file. Resolves with the gateway's id of the message. */
const sends = (from: string, file: HostedFileInput): Promise<string> =>
  customerWrites(world, from, '', { content: world.waapify.hostFile(file) });

const ofContact = ({ contactId }: GhlMessage): GhlMessage[] =>
  world.ghl.messages(LOCATION).filter((one) => one.contactId === contactId && one.direction === 'inbound');
const untilAltId = (altId: string): Promise<GhlMessage> =>
  world.ghl.waitFor(
    () => world.ghl.messages(LOCATION).find((one) => one.altId === altId),
    30_000,
    `the message ${altId} in GHL`,
  );

async function shownBytes({ attachments }: GhlMessage): Promise<string[]> {
  return await Promise.all(
    attachments.map(async (address) => sha256(Buffer.from(await (await fetch(address)).arrayBuffer()))),
  );
}
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

test('a picture with a caption is one message with the very picture, in the storage of GHL', async () => {
  const bytes = await sample.jpeg();
  const altId = await sends('60141000001', { kind: 'image', bytes, mimetype: 'image/jpeg', caption: 'Our house' });
  const shown = await untilAltId(altId);
  expect(shown).toMatchObject({ body: 'Our house', direction: 'inbound' });
  expect(shown.attachments).toEqual([expect.stringContaining(`${world.ghl.url}/storage/`)]);
  expect(await shownBytes(shown)).toEqual([sha256(bytes)]);
});

test('what GHL does not store is shown from our own address', async () => {
  const bytes = await sample.movingGif();
  const shown = await untilAltId(await sends('60141000002', { kind: 'image', bytes, mimetype: 'image/gif' }));
  expect(shown.attachments).toEqual([expect.stringContaining(`${world.publicUrl}/media/`)]);
  expect(await shownBytes(shown)).toEqual([sha256(bytes)]);
});

test.each<[string, Partial<HostedFileInput>, RegExp]>([
  ['gone from WhatsApp', { status: 410 }, /^\[a picture came that could not be fetched: open WhatsApp on the phone\]$/],
  ['damaged', { damaged: true }, /^\[a picture came that is damaged/],
])('a file that is %s leaves a note, and what follows is not lost', async (what, more, note) => {
  const from = `6014100001${what.length}`;
  const altId = await sends(from, { kind: 'image', bytes: await sample.jpeg(), mimetype: 'image/jpeg', ...more });
  await customerWrites(world, from, `after ${what}`);
  const after = await untilInbound(world, `after ${what}`);
  const [noted, next, ...more2] = ofContact(after);
  expect(noted).toMatchObject({ altId, body: expect.stringMatching(note), attachments: [] });
  expect([next?.id, more2]).toEqual([after.id, []]);
});

test('what a customer writes goes to the provider of the last exchange', async () => {
  const phone = '+60141000004';
  await customerWrites(world, phone.slice(1), 'Hello?');
  expect(await untilInbound(world, 'Hello?')).toMatchObject({
    conversationProviderId: DEFAULT_PROVIDER.id,
    type: 'SMS',
  });
  await world.agentSends('Hello!', { phone, providerId: CUSTOM_PROVIDER.id });
  await customerWrites(world, phone.slice(1), 'Thank you');
  const answer = await untilInbound(world, 'Thank you');
  expect(answer).toMatchObject({ conversationProviderId: CUSTOM_PROVIDER.id, type: 'Custom' });
});

test('a slow file lets its sender pass after a while, and comes behind', async () => {
  await bridge.stop();
  bridge = await startInProcess(world, { env: { MEDIA_ALLOW_HOSTS: hosts }, fileHoldMs: HOLD_MS });
  const bytes = await sample.png();
  const slow = { kind: 'image', bytes, mimetype: 'image/png', delayMs: 5 * HOLD_MS } as const;
  const altId = await sends('60141000003', slow);
  await customerWrites(world, '60141000003', 'Did it come?');
  const after = await untilInbound(world, 'Did it come?');
  const file = await untilAltId(`${altId}:file`);
  expect(ofContact(after).map(({ altId: one, body }) => [one, body])).toEqual([
    [altId, '[picture follows]'],
    [after.altId, 'Did it come?'],
    [`${altId}:file`, ''],
  ]);
  expect(await shownBytes(file)).toEqual([sha256(bytes)]);
});
