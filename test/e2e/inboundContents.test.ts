import type { ContentName } from '../../src/sandbox/waapify/webhooks/contents';
import { installAndConnect, startInProcess } from '../support/bridgeInProcess';
import { bodiesOf, customerWrites } from '../support/inboundLooks';
import { untilInbound } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

const ON_THE_PHONE = 'open WhatsApp on the phone]';
const MAP = 'https://maps.google.com/?q=3.1579,101.7116';
const ALI = 'Ali Bakar: +60 11-123 4567';

/** What a customer sends with the words `hello`, and what an agent reads of it. The host has taken the keys of files out. */
const SHOWN: [ContentName, string][] = [
  ['text', 'hello'],
  ['preview', 'hello'],
  ['image', `[picture: ${ON_THE_PHONE} hello`],
  ['video', `[video: ${ON_THE_PHONE} hello`],
  ['videoNote', `[video: ${ON_THE_PHONE}`],
  ['audio', `[audio: ${ON_THE_PHONE}`],
  ['voice', `[voice message: ${ON_THE_PHONE}`],
  ['document', `[document bill.pdf: ${ON_THE_PHONE} hello`],
  ['sticker', `[sticker: ${ON_THE_PHONE}`],
  ['location', `[location] hello\n${MAP}`],
  ['liveLocation', `[live location] hello\n${MAP}`],
  ['contact', `[contact] ${ALI}`],
  ['contacts', `[contacts]\n${ALI}\nSiti`],
  ['reaction', 'reacted hello to a message'],
  ['edit', '[edited] hello'],
  ['deletion', '[deleted a message]'],
  ['poll', '[poll] hello\n- Yes\n- No'],
  ['vote', `[voted in a poll: ${ON_THE_PHONE}`],
  ['button', 'hello'],
  ['list', 'hello'],
  ['templateButton', 'hello'],
  ['form', 'hello'],
  ['viewOnce', `[view once picture: ${ON_THE_PHONE} hello`],
  ['ephemeral', 'hello'],
  ['unknown', `[a kind of message that is not supported: ${ON_THE_PHONE}`],
];

const temporal = useTemporal();
let world: World;

beforeAll(async () => {
  world = await openWorld(temporal);
  const bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

test('whatever a customer sends, in both dialects, an agent reads it once, in order', async () => {
  const ids: string[] = [];
  for (const [kind] of SHOWN) ids.push(await customerWrites(world, '60131111111', 'hello', { kind, dialect: 'both' }));
  await customerWrites(world, '60131111111', 'that is all');
  const { contactId } = await untilInbound(world, 'that is all');
  expect(bodiesOf(world, contactId)).toEqual([...SHOWN.map(([, shown]) => shown), 'that is all']);
  const altIds = world.ghl.messages(LOCATION).map(({ altId }) => altId);
  expect(altIds.slice(0, ids.length)).toEqual(ids);
});

test('answers and reactions say to what, a missed call is told once', async () => {
  const from = '60132222222';
  const id = await customerWrites(world, from, 'Shall I come\non Monday?');
  await customerWrites(world, from, 'or on Tuesday', { quotes: { id, text: 'Shall I come\non Monday?' } });
  const key = { remoteJid: `${from}@s.whatsapp.net`, fromMe: false, id };
  await customerWrites(world, from, '', { content: { reactionMessage: { key, text: '🙏' } } });
  for (const status of ['offer', 'ringing', 'timeout', 'terminate'] as const) {
    await world.waapify.customerCalls({ instanceId: INSTANCE, from, status, id: 'CALL1' });
  }
  await customerWrites(world, from, 'nobody there?');
  const { contactId } = await untilInbound(world, 'nobody there?');
  expect(bodiesOf(world, contactId)).toEqual([
    'Shall I come\non Monday?',
    '> Shall I come on Monday?\nor on Tuesday',
    'reacted 🙏 to: Shall I come on Monday?',
    '[missed call]',
    'nobody there?',
  ]);
});
