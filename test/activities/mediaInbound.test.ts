import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { FileReference } from '../../src/domain/content';
import { sourceOfReference } from '../../src/media/encrypted/sourceOf';
import type { KeptMedia } from '../../src/media/media';
import { encryptFile } from '../support/encryptedFile';
import { headOf } from '../support/mediaSource';
import { sample } from '../support/mediaSamples';
import { openMediaWorld, partsOfAddress, type MediaWorld, type WorldOptions } from '../support/mediaWorld';

const MB = 1024 * 1024;
let world: MediaWorld;
beforeEach(async () => {
  world = await openMediaWorld();
});
afterEach(() => world.close());

/** A file that somebody sends, at WhatsApp's own store. Returns what its message says of it. */
async function sent(kind: FileReference['kind'], plain: Buffer, more: Partial<FileReference> = {}) {
  const { lying, keys } = await encryptFile(kind, plain);
  const reference: FileReference = { ...keys, url: world.source.serve('/v/file.enc', lying), ...more };
  return { reference, lying };
}
const take = (reference: FileReference, by = world.media): Promise<KeptMedia> =>
  world.take(sourceOfReference(reference, world.allowed), by);
const refusal = (reference: FileReference, by = world.media) => take(reference, by).catch((error: unknown) => error);

test('a picture is kept as it was sent, and nothing else stays in the folder', async () => {
  const jpeg = await sample.jpeg();
  const kept = await take((await sent('image', jpeg)).reference);
  expect(kept).toMatchObject({ kind: 'image', name: 'picture.jpg', type: 'image/jpeg', bytes: jpeg.length });
  expect(await world.files()).toEqual([kept.mediaId]);
  expect(await readFile(join(world.folder, kept.mediaId))).toEqual(jpeg);
});

test('a document keeps its name, cleaned, with the ending of what it is', async () => {
  const { reference } = await sent('document', sample.pdf(), { name: '../../Offer <1>.pdf.exe' });
  expect(await take(reference)).toMatchObject({ kind: 'document', name: 'Offer 1.pdf', type: 'application/pdf' });
});

test('a sticker is written anew as a picture, which GHL shows', async () => {
  const kept = await take((await sent('sticker', await sample.transparentWebp())).reference);
  expect(kept).toMatchObject({ kind: 'image', name: 'sticker.png', type: 'image/png' });
});

test('a moving GIF stays as it is', async () => {
  expect(await take((await sent('image', await sample.movingGif())).reference)).toMatchObject({ type: 'image/gif' });
});

test.each<[string, (of: { reference: FileReference; lying: Buffer }) => FileReference, string]>([
  ['damaged', ({ reference, lying }) => served(reference, flipped(lying)), 'media_unreadable'],
  ['cut', ({ reference, lying }) => served(reference, lying.subarray(0, -16)), 'media_unreadable'],
  [
    'of another key',
    ({ reference }) => ({ ...reference, mediaKey: randomBytes(32).toString('base64') }),
    'media_unreadable',
  ],
  ['not what was announced', ({ reference }) => ({ ...reference, sha256: 'AAAA' }), 'media_unreadable'],
  ['too old to be there', ({ reference }) => ({ ...reference, url: `${world.source.url}/gone.enc` }), 'media_gone'],
  [
    'at a private address',
    ({ reference }) => ({ ...reference, url: 'https://169.254.169.254/a.enc' }),
    'media_address_refused',
  ],
  ['nowhere', ({ reference }) => ({ ...reference, url: undefined }), 'media_address_refused'],
])('a file that is %s is refused, and leaves nothing behind', async (_what, change, code) => {
  const one = await sent('image', await sample.jpeg());
  expect(await refusal(change(one))).toMatchObject({ code, retry: 'never' });
  expect(await world.files()).toEqual([]);
});

const served = (reference: FileReference, lying: Buffer): FileReference => ({
  ...reference,
  url: world.source.serve('/v/other.enc', lying),
});
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(3) ^ 1, 3);
  return copy;
}

test('what a file is shows in its bytes: a program is refused, whatever it says that it is', async () => {
  const { reference } = await sent('image', Buffer.concat([Buffer.from('MZ'), randomBytes(4_000)]), {
    type: 'image/jpeg',
    name: 'a.jpg',
  });
  expect(await refusal(reference)).toMatchObject({ code: 'media_type_refused' });
  expect(await world.files()).toEqual([]);
});

test('a file over its limit is refused while it comes, not when it is there', async () => {
  const small: WorldOptions = { settings: { mediaMaxMb: 1, mediaDocumentMaxMb: 1 } };
  const { reference } = await sent('image', await sample.jpeg());
  world.source.on('/v/endless.enc', async (socket) => {
    socket.write(headOf('200 OK', {}));
    while (!socket.destroyed) {
      const more = socket.write(Buffer.alloc(256 * 1024));
      if (!more) await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
    }
  });
  const endless = { ...reference, url: `${world.source.url}/v/endless.enc` };
  expect(await refusal(endless, world.another(small))).toMatchObject({ code: 'media_too_large' });
  expect(await world.files()).toEqual([]);
  const just = await sent('image', Buffer.concat([await sample.jpeg(), Buffer.alloc(MB)]));
  expect(await refusal(just.reference, world.another(small))).toMatchObject({ code: 'media_too_large' });
});

test('a file whose whole address is none is looked for at WhatsApp itself', () => {
  const keys = { kind: 'image', mediaKey: '' } as const;
  const of = (more: Partial<FileReference>) => sourceOfReference({ ...keys, ...more }, []).url;
  expect(of({ directPath: '/v/t62.jpg?x=1' })).toBe('https://mmg.whatsapp.net/v/t62.jpg?x=1');
  expect(of({ url: 'https://web.whatsapp.net', directPath: '/v/a' })).toBe('https://mmg.whatsapp.net/v/a');
  expect(of({ url: 'https://mmg.whatsapp.net/v/b', directPath: '/v/a' })).toBe('https://mmg.whatsapp.net/v/b');
  expect(of({})).toBe('');
});

test.each([
  'https://files.example.com/a.enc',
  'https://mmg.whatsapp.net.example.com/a.enc',
  'https://evilwhatsapp.net/a.enc',
  'https://example.com/.whatsapp.net/a.enc',
  'https://files.example.com:8443/a.enc',
  'no address',
])('a sender does not choose where we go: %s', (url) => {
  const allowed = [{ host: 'files.example.com', port: 444 }];
  const keys = { kind: 'image', mediaKey: '' } as const;
  expect(sourceOfReference({ ...keys, url, directPath: '/v/a' }, allowed).url).toBe('https://mmg.whatsapp.net/v/a');
  expect(sourceOfReference({ ...keys, url }, allowed).url).toBe('');
  const vouchedFor = 'https://files.example.com:444/a.enc';
  expect(sourceOfReference({ ...keys, url: vouchedFor }, allowed).url).toBe(vouchedFor);
});

test('a lasting address is good until the message is erased by age, and the file with it', async () => {
  const jpeg = await sample.jpeg();
  const { mediaId, name } = await take((await sent('image', jpeg)).reference);
  const address = partsOfAddress(await world.media.lastingAddressOf(world.scope, mediaId, name));
  const { knex } = world.ledger.db;
  await knex('messages').update({ open: 0, state_since: 0 });
  await knex('media').update({ kept_at: 0 });
  const day = (n: number) => Date.now() + n * 86_400_000;
  const clock = jest.spyOn(Date, 'now').mockReturnValue(day(29.9));
  try {
    await world.media.tidy();
    expect(await buffer((await world.media.open(...address)).read())).toEqual(jpeg);
    clock.mockReturnValue(day(0.2));
    await expect(world.media.open(...address)).rejects.toMatchObject({ code: 'not_found' });
  } finally {
    clock.mockRestore();
  }
});

test('a folder that lacks a file fetches and decrypts it again', async () => {
  const jpeg = await sample.jpeg();
  const { mediaId, name } = await take((await sent('image', jpeg)).reference);
  const address = partsOfAddress(await world.media.lastingAddressOf(world.scope, mediaId, name));
  const elsewhere = world.another({ settings: { mediaDir: join(world.folder, '../another') } });
  expect(await buffer((await elsewhere.open(...address)).read())).toEqual(jpeg);
});

test('whoever has no time waits for that only so long; the fetch goes on behind', async () => {
  const { reference, lying } = await sent('image', await sample.jpeg());
  const message = { messageId: await world.message(), n: 0 };
  const source = sourceOfReference(reference, world.allowed);
  await world.media.take(world.scope, message, source, new AbortController().signal);
  const elsewhere = world.another({ settings: { mediaDir: join(world.folder, '../another') } });
  let answer = (): void => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  world.source.on('/v/file.enc', async (socket) => {
    await held;
    socket.write(headOf('200 OK', { 'content-length': String(lying.length) }));
    socket.end(lying);
  });
  const late = elsewhere.openKept(world.scope, message, 1);
  await expect(late).rejects.toMatchObject({ code: 'media_timeout', retry: 'later' });
  answer();
  expect(await elsewhere.openKept(world.scope, message, 60_000)).toMatchObject({ type: 'image/jpeg' });
  expect(world.source.requests).toHaveLength(2);
});
