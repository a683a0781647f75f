import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ActivityDeps } from '../../activities/deps';
import { postToGhl } from '../../activities/postToGhl';
import { createTokenProofs } from '../../activities/tokenProofs';
import { DomainError, notFound } from '../../src/domain/errors';
import type { Upload } from '../../src/ghl/uploads';
import type { KeptMedia } from '../../src/media/media';
import { mediaError } from '../../src/media/mediaError';
import { openLine, PICTURE } from '../store/line';
import { openTestStore } from '../support/store';
import type { TestStore } from '../support/storeAt';

let ledger: TestStore;
beforeEach(async () => {
  ledger = await openTestStore({ kind: 'sqlite' });
});
afterEach(() => ledger.close());

const KEPT: KeptMedia = {
  ...{ mediaId: 'media_1', kind: 'image', name: 'picture.jpg', type: 'image/jpeg', bytes: 3, sha256: 'aa' },
};
const BOTH = [
  { id: 'default', channel: 'sms', mode: 'default', deliverySecrets: [] },
  { id: 'custom', channel: 'sms', mode: 'custom', deliverySecrets: [] },
];

/** The bridge around a picture that is kept, GHL and the media folder played. */
async function withPicture(kept: Partial<KeptMedia> = {}) {
  const world = await withPictureComing(kept);
  await world.arrived();
  return world;
}

async function withPictureComing(kept: Partial<KeptMedia> = {}) {
  const line = await openLine(ledger);
  const message = await line.arrives({ text: 'Look', file: PICTURE });
  await line.claim(message);
  const arrived = () => ledger.store.inboundFiles.record(line.scope, message.messageId, { kind: 'kept' });
  const { address_key: key } = await line.message(message);
  const contact = { contactId: 'contact-1', conversationId: null, providerId: null };
  await ledger.store.contacts.remember(line.scope, key!, contact);
  const ghl = {
    addInboundMessage: jest.fn().mockResolvedValue({ messageId: 'ghl-1', conversationId: 'conversation-1' }),
    ensureConversation: jest.fn().mockResolvedValue('conversation-1'),
    uploadFile: jest.fn().mockResolvedValue('https://ghl.example/picture.jpg'),
  };
  const media = {
    openKept: jest.fn(() => Promise.resolve({ ...KEPT, ...kept, read: () => Readable.from([Buffer.from('jpg')]) })),
    lastingAddressOf: jest.fn().mockResolvedValue('https://bridge.example/media/token/picture.jpg'),
  };
  const logger = { warn: jest.fn(), error: jest.fn(), info: jest.fn() };
  const app = { settings: { ghlProviders: BOTH }, store: ledger.store, ghl, media, starter: {}, logger };
  const deps = { app, proofs: createTokenProofs() } as unknown as ActivityDeps;
  const post = async () => {
    const granted = await line.grant(message);
    const outcome = await postToGhl(deps, granted, performance.now());
    await ledger.store.messages.recordPosted(granted.claim, outcome);
    ledger.clock.advance(60_000);
    return outcome;
  };
  return { line, message, ghl, media, post, contact, arrived, key: key! };
}

const error = (code: string, retry: DomainError['retry']) => new DomainError(code, retry, 'GHL said so.');
const posted = ({ ghl }: { ghl: { addInboundMessage: jest.Mock } }) =>
  ghl.addInboundMessage.mock.calls.map(([, message]) => message as Record<string, unknown>);

test('a picture is stored in GHL, and the message names it', async () => {
  const world = await withPicture();
  expect(await world.post()).toMatchObject({ kind: 'posted', fileFollows: false });
  const upload = { contactId: 'contact-1', conversationId: 'conversation-1', name: 'picture.jpg', type: 'image/jpeg' };
  const [[, { read, ...file }]] = world.ghl.uploadFile.mock.calls as [[unknown, Upload]];
  expect(file).toMatchObject({ ...upload, bytes: 3 });
  expect(await text(read())).toBe('jpg');
  expect(posted(world)).toMatchObject([{ message: 'Look', attachments: ['https://ghl.example/picture.jpg'] }]);
});

test.each<[string, Partial<KeptMedia>]>([
  ['of a type that GHL does not store', { type: 'audio/ogg', name: 'voice message.ogg' }],
  ['too large for GHL', { bytes: 5 * 1024 * 1024 + 1 }],
])('a file that is %s is hosted here, and GHL is not asked', async (_what, kept) => {
  const world = await withPicture(kept);
  await world.post();
  expect(world.ghl.uploadFile).not.toHaveBeenCalled();
  expect(posted(world)).toMatchObject([{ attachments: ['https://bridge.example/media/token/picture.jpg'] }]);
});

test('a file that GHL refuses is hosted here', async () => {
  const world = await withPicture();
  world.ghl.uploadFile.mockRejectedValue(error('ghl_rejected', 'never'));
  await world.post();
  expect(posted(world)).toMatchObject([{ attachments: ['https://bridge.example/media/token/picture.jpg'] }]);
});

test('while GHL is down nothing is posted; a file that it never takes is hosted in the end', async () => {
  const world = await withPicture();
  world.ghl.uploadFile.mockRejectedValue(error('ghl_unavailable', 'later'));
  for (const _try of [1, 2, 3, 4]) expect(await world.post()).toMatchObject({ kind: 'later', code: 'ghl_unavailable' });
  expect(posted(world)).toEqual([]);
  expect(await world.post()).toMatchObject({ kind: 'posted' });
  expect(posted(world)).toMatchObject([{ attachments: ['https://bridge.example/media/token/picture.jpg'] }]);
});

test('a file is stored once, however often its message is posted', async () => {
  const world = await withPicture();
  world.ghl.addInboundMessage.mockRejectedValueOnce(error('ghl_rate_limited', 'later'));
  await world.post();
  await world.post();
  expect(world.ghl.uploadFile).toHaveBeenCalledTimes(1);
  expect(posted(world)).toHaveLength(2);
});

test('a kept file that is lost becomes a note', async () => {
  const world = await withPicture();
  world.media.openKept.mockRejectedValueOnce(notFound('file'));
  expect(await world.post()).toMatchObject({ kind: 'later', code: 'file_lost' });
  await world.post();
  const [{ message, attachments }] = posted(world) as [Record<string, unknown>];
  expect(message).toBe('Look\n[a picture came that could not be fetched: open WhatsApp on the phone]');
  expect(attachments).toEqual([]);
});

test('a kept file that is away for a moment is waited for, and for a while only', async () => {
  const world = await withPicture();
  world.media.openKept.mockRejectedValueOnce(mediaError('media_unavailable'));
  expect(await world.post()).toMatchObject({ kind: 'later', code: 'media_unavailable' });
  expect(await world.post()).toMatchObject({ kind: 'posted' });
  expect(posted(world)).toMatchObject([{ attachments: ['https://ghl.example/picture.jpg'] }]);
  const away = await withPicture();
  away.media.openKept.mockRejectedValue(mediaError('media_unavailable'));
  for (let tries = 0; tries < 8; tries++) expect(await away.post()).toMatchObject({ code: 'media_unavailable' });
  expect(await away.post()).toMatchObject({ kind: 'later', code: 'file_lost' });
  await away.post();
  expect(posted(away)).toMatchObject([{ message: expect.stringMatching(/^Look\n\[/), attachments: [] }]);
});

const SHOWS_NOT = '[a picture came that can not be shown here: open WhatsApp on the phone]';

test('the words of a message that GHL refuses with its file are posted without it', async () => {
  const world = await withPicture();
  world.ghl.addInboundMessage.mockRejectedValueOnce(error('ghl_rejected', 'never'));
  expect(await world.post()).toMatchObject({ kind: 'later', code: 'file_lost', waitMs: 0 });
  expect(await world.post()).toMatchObject({ kind: 'posted' });
  const [, { message, attachments }] = posted(world) as [unknown, Record<string, unknown>];
  expect([message, attachments]).toEqual([`Look\n${SHOWS_NOT}`, []]);
  expect(await world.line.message(world.message)).toMatchObject({ state: 'delivered', open: 0 });
});

test('a file behind its words that GHL refuses becomes a note; words that it refuses have failed', async () => {
  const world = await withPictureComing();
  ledger.clock.advance(60_000);
  expect(await world.post()).toMatchObject({ kind: 'posted', fileFollows: true });
  await world.arrived();
  world.ghl.addInboundMessage.mockRejectedValueOnce(error('ghl_rejected', 'never'));
  expect(await world.post()).toMatchObject({ kind: 'later', code: 'file_lost' });
  world.ghl.addInboundMessage.mockRejectedValueOnce(error('ghl_rejected', 'never'));
  expect(await world.post()).toMatchObject({ kind: 'failed', code: 'ghl_rejected' });
  const [words, , file] = posted(world);
  expect(file).toMatchObject({ altId: `${words!.altId as string}:file`, message: SHOWS_NOT, attachments: [] });
});

test.each<[string, string | null, object]>([
  ['the default provider', null, { conversationProviderId: 'default', type: 'SMS' }],
  ['the provider of the last exchange', 'custom', { conversationProviderId: 'custom', type: 'Custom' }],
])('it is posted under %s, with the date of WhatsApp', async (_what, providerId, expected) => {
  const world = await withPicture();
  const writtenAt = ledger.clock.now;
  await ledger.store.contacts.remember(world.line.scope, world.key, { ...world.contact, providerId });
  ledger.clock.advance(3_600_000);
  await world.post();
  expect(posted(world)).toMatchObject([{ ...expected, date: new Date(writtenAt).toISOString() }]);
});
