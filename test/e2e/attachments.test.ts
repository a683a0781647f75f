import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { mp3, pdf, png, sha256 } from '../support/files';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;
let connectionId: string;
let count = 0;

beforeAll(async () => {
  world = await openWorld(temporal);
  world.waapify.configure({ fetchMedia: true });
  bridge = await startInProcess(world);
  connectionId = await installAndConnect(world, bridge.admin);
});

afterEach(() => world.waapify.clearFaults());

/** A contact of its own for each test: what one leaves behind holds up no other. */
const freshPhone = (): string => `+6012340${String(++count).padStart(4, '0')}`;
const sendsTo = (phone: string) => world.waapify.sends(INSTANCE).filter((one) => one.number === phone.slice(1));

async function agentSends(text: string, attachments: string[], phone = freshPhone()) {
  const { messageId, status } = await world.agentSends(text, { attachments, phone });
  expect(status).toBe(200);
  return { messageId, phone };
}

const untilDelivered = (messageId: string) => bridge.admin.untilState(LOCATION, messageId, 'read');
const untilFailed = (messageId: string) => bridge.admin.untilState(LOCATION, messageId, 'failed');
const wordsInGhl = (messageId: string) =>
  world.ghl.waitFor(
    () => world.ghl.message(messageId)?.statusHistory.find(({ status }) => status === 'failed')?.error,
    30_000,
    'GHL to be told why',
  );

test('one picture: the text is its caption, and the gateway fetches the very bytes', async () => {
  const picture = png(1);
  const sent = await agentSends('Our cake', [world.attach('cake.png', picture)]);
  await untilDelivered(sent.messageId);
  expect(sendsTo(sent.phone)).toMatchObject([
    { type: 'media', text: 'Our cake', media: { sha256: sha256(picture), contentType: 'image/png' } },
  ]);
});

test('three files of different kinds go in order, and have one status', async () => {
  const files = [pdf('prices'), png(2), png(3)];
  const names = ['Price list.pdf', 'a.png', 'b.png'];
  const sent = await agentSends(
    'Prices and pictures',
    files.map((bytes, n) => world.attach(names[n]!, bytes)),
  );
  const answer = await untilDelivered(sent.messageId);
  expect(answer.parts).toHaveLength(3);
  const sends = sendsTo(sent.phone);
  expect(sends.map(({ media }) => media?.sha256)).toEqual(files.map(sha256));
  expect(sends.map(({ text }) => text)).toEqual(['Prices and pictures', '', '']);
  expect(sends[0]).toMatchObject({ filename: 'Price list.pdf' });
});

test('twelve pictures arrive once each, in order', async () => {
  const files = Array.from({ length: 12 }, (_, n) => png(10 + n));
  const sent = await agentSends(
    '',
    files.map((bytes, n) => world.attach(`${n}.png`, bytes)),
  );
  await untilDelivered(sent.messageId);
  expect(sendsTo(sent.phone).map(({ media }) => media?.sha256)).toEqual(files.map(sha256));
});

test('a voice file shows no text, so the text goes ahead of it', async () => {
  const sent = await agentSends('Listen to this', [world.attach('song.mp3', mp3())]);
  await untilDelivered(sent.messageId);
  expect(sendsTo(sent.phone).map(({ type, text }) => [type, text])).toEqual([
    ['text', 'Listen to this'],
    ['media', ''],
  ]);
});

test('a picture under a wrong name is sent so that it shows', async () => {
  const sent = await agentSends('', [world.attach('photo.bin?size=large', png(4))]);
  await untilDelivered(sent.messageId);
  expect(new URL(sendsTo(sent.phone)[0]!.mediaUrl!).pathname).toMatch(/^\/media\/[^/]+\/.+\.png$/);
});

test('a file that is gone fails the message before anything of it is sent, naming the file', async () => {
  const sent = await agentSends('Two', [world.attach('a.png', png(5)), `${world.ghl.url}/storage/gone/b.png`]);
  await untilFailed(sent.messageId);
  expect(await wordsInGhl(sent.messageId)).toMatchObject({ message: expect.stringContaining('File 2 of 2') });
  expect(sendsTo(sent.phone)).toEqual([]);
});

test('a file that is away for a moment is fetched again', async () => {
  world.ghl.fault({ operation: 'storage', end: 'status', status: 503, times: 1 });
  const sent = await agentSends('', [world.attach('a.png', png(6))]);
  await untilDelivered(sent.messageId);
  expect(sendsTo(sent.phone)).toHaveLength(1);
});

test('a private address is refused, and never asked', async () => {
  const sent = await agentSends('', ['https://169.254.169.254/latest/meta-data/a.png']);
  const answer = await untilFailed(sent.messageId);
  expect(answer.reason).toMatch(/^media_/);
  expect(sendsTo(sent.phone)).toEqual([]);
});

test('what can not be sent as a file is sent as a link, where the connection wants that', async () => {
  const page = world.attach('page.html', Buffer.from('<!doctype html><html><body>hi</body></html>'), 'text/html');
  const refused = await agentSends('See this', [page]);
  expect((await untilFailed(refused.messageId)).reason).toBe('media_type_refused');
  const setFallback = (mediaFallback: string | null) =>
    bridge.admin.call('PATCH', `/admin/v1/connections/${connectionId}`, { mediaFallback });
  expect(await setFallback('link')).toMatchObject({ status: 200, body: { settings: { mediaFallback: 'link' } } });
  const sent = await agentSends('See this', [page]);
  await untilDelivered(sent.messageId);
  expect(sendsTo(sent.phone)).toMatchObject([{ type: 'text', text: `See this\n${page}` }]);
  expect(await setFallback(null)).toMatchObject({ status: 200, body: { settings: {} } });
});

test('a part that fails stops the rest, and GHL reads which one it was', async () => {
  const phone = freshPhone();
  const files = [png(20), png(21), png(22)].map((bytes, n) => world.attach(`${n}.png`, bytes));
  world.waapify.fault({ number: phone.slice(1), text: '', end: 'pass', times: 1 });
  world.waapify.fault({ number: phone.slice(1), end: 'error', message: 'Message type not supported', times: 1 });
  const sent = await agentSends('', files, phone);
  const answer = await untilFailed(sent.messageId);
  expect(answer.parts.map(({ state }) => state)).toEqual([
    expect.stringMatching(/sent|delivered|read/),
    'failed',
    'cancelled',
  ]);
  expect(await wordsInGhl(sent.messageId)).toMatchObject({ message: expect.stringMatching(/^Part 2 of 3: /) });
  expect(sendsTo(phone)).toHaveLength(1);
});

test('a retry resumes at the first unsent part', async () => {
  const phone = freshPhone();
  const files = [png(30), png(31), png(32)];
  world.waapify.fault({ number: phone.slice(1), end: 'pass', times: 1 });
  world.waapify.fault({ number: phone.slice(1), end: 'error', message: 'Cannot connect to WhatsApp server', times: 1 });
  const sent = await agentSends(
    '',
    files.map((bytes, n) => world.attach(`${n}.png`, bytes)),
    phone,
  );
  await untilDelivered(sent.messageId);
  expect(sendsTo(phone).map(({ media }) => media?.sha256)).toEqual(files.map(sha256));
});

test('an unknown part waits for its echo, then the rest go', async () => {
  const phone = freshPhone();
  const files = [png(40), png(41)];
  world.waapify.fault({ number: phone.slice(1), end: 'null', sent: true, echo: 'lost', times: 1 });
  const sent = await agentSends(
    '',
    files.map((bytes, n) => world.attach(`${n}.png`, bytes)),
    phone,
  );
  const answer = await bridge.admin.untilState(LOCATION, sent.messageId, 'unknown');
  expect(answer.parts.map(({ state }) => state)).toEqual(['unknown', expect.stringMatching(/sent|delivered|read/)]);
  expect(await wordsInGhl(sent.messageId)).toMatchObject({ message: expect.stringMatching(/^Part 1 of 2: /) });
  expect(sendsTo(phone).map(({ media }) => media?.sha256)).toEqual(files.map(sha256));
});

test("an ambiguous picture is proved by its echo's caption", async () => {
  const phone = freshPhone();
  world.waapify.fault({ number: phone.slice(1), end: 'null', sent: true, times: 1 });
  const sent = await agentSends('Is it there?', [world.attach('a.png', png(50))], phone);
  await untilDelivered(sent.messageId);
  expect(sendsTo(phone)).toHaveLength(1);
});
