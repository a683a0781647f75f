import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort } from '../../src/sandbox/machine/freePort';
import { headOf } from '../support/mediaSource';
import { sample } from '../support/mediaSamples';
import { openMediaWorld, partsOfAddress, type MediaWorld } from '../support/mediaWorld';

const MB = 1024 * 1024;
const signal = new AbortController().signal;

let world: MediaWorld;
beforeEach(async () => {
  world = await openMediaWorld();
});
afterEach(() => world.close());

/** Serves a document of so many bytes. */
const pdfOf = (path: string, bytes: number): string =>
  world.source.serve(path, Buffer.concat([sample.pdf(), Buffer.alloc(bytes - sample.pdf().length, 'x')]));

const end = (messageId: string, ago = 0): Promise<unknown> =>
  world.ledger.db
    .knex('messages')
    .where({ id: messageId })
    .update({ open: 0, state_since: world.ledger.clock.now - ago });

describe('taking a file', () => {
  it('keeps the very bytes, for us alone', async () => {
    const jpeg = await sample.jpeg();
    const kept = await world.take({ url: world.source.serve('/x', jpeg), name: 'Photo of the house.PNG' });
    expect(kept).toMatchObject({
      kind: 'image',
      name: 'Photo of the house.jpg',
      type: 'image/jpeg',
      bytes: jpeg.length,
    });
    const path = join(world.folder, kept.mediaId);
    expect(await readFile(path)).toEqual(jpeg);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(world.folder)).mode & 0o777).toBe(0o700);
  });

  it('keeps a file once, whoever asks again', async () => {
    const url = world.source.serve('/x.pdf', sample.pdf());
    const ref = { messageId: await world.message(), n: 2 };
    const first = await world.media.take(world.scope, ref, { url }, signal);
    const second = await world.another().take(world.scope, ref, { url: `${world.source.url}/gone` }, signal);
    expect(second).toEqual(first);
    expect(world.source.requests).toHaveLength(1);
  });

  it('keeps one of two that were fetched at once', async () => {
    const url = world.source.serve('/x.pdf', sample.pdf());
    const ref = { messageId: await world.message(), n: 0 };
    const both = [world.media, world.another()].map((media) => media.take(world.scope, ref, { url }, signal));
    const [one, other] = await Promise.all(both);
    expect(one).toEqual(other);
    expect(await world.files()).toEqual([one!.mediaId]);
  });

  it('keeps nothing for the message of another location', async () => {
    const url = world.source.serve('/x.pdf', sample.pdf());
    const ref = { messageId: await world.message(), n: 0 };
    const taken = world.media.take({ locationId: 'stranger' }, ref, { url }, signal);
    await expect(taken).rejects.toMatchObject({ code: 'not_found' });
    expect(await world.files()).toEqual([]);
  });

  it('says later where nobody listens', async () => {
    const port = await freePort();
    const deaf = world.another({ settings: { mediaAllowHosts: [{ host: '127.0.0.1', port }] } });
    const taken = world.take(`http://127.0.0.1:${port}/a.pdf`, deaf);
    await expect(taken).rejects.toMatchObject({ code: 'media_unreachable', retry: 'later' });
  });

  it.each([
    ['prices.csv', 'naïve;1\n"<b>x</b>";2\n', 'text/csv', 'prices.csv'],
    ['card.vcf', 'BEGIN:VCARD\nFN:A\nEND:VCARD\n', 'text/vcard', 'card.vcf'],
    ['notes', '\ufeffHello', 'text/plain', 'notes.txt'],
    ['data.unknown', 'Hello', 'text/plain', 'data.unknown.txt'],
  ])('takes a plain text for what its name %s says', async (name, body, type, clean) => {
    const kept = await world.take({ url: world.source.serve('/x', body), name });
    expect(kept).toMatchObject({ kind: 'document', type, name: clean });
  });
});

describe('the folder', () => {
  it('is full when no file may go, and has room again when a message has ended', async () => {
    const small = world.another({ settings: { mediaFolderMaxMb: 3, mediaDocumentMaxMb: 2 } });
    const take = async (n: number) => {
      const messageId = await world.message();
      await small.take(world.scope, { messageId, n: 0 }, { url: pdfOf(`/${n}.pdf`, MB) }, signal);
      return messageId;
    };
    const [first] = [await take(1), await take(2)];
    world.source.on('/3.pdf', (socket) => {
      socket.write(headOf('200 OK', {}));
      socket.end(Buffer.concat([sample.pdf(), Buffer.alloc(1.5 * MB)]));
    });
    const third = () => world.take(`${world.source.url}/3.pdf`, small);
    await expect(third()).rejects.toMatchObject({ code: 'media_folder_full', retry: 'later' });
    expect(await world.files()).toHaveLength(2);
    await end(first);
    await expect(third()).resolves.toMatchObject({ kind: 'document' });
    expect(await world.files()).toHaveLength(2);
  });

  it('loses the oldest files of ended messages first', async () => {
    const ids: string[] = [];
    for (const n of [1, 2, 3, 4]) {
      const messageId = await world.message();
      const { mediaId } = await world.media.take(
        world.scope,
        { messageId, n },
        { url: pdfOf(`/${n}.pdf`, MB) },
        signal,
      );
      await utimes(join(world.folder, mediaId), n, n);
      ids.push(mediaId);
      if (n !== 1) await end(messageId);
    }
    await world.another({ settings: { mediaFolderMaxMb: 2 } }).tidy();
    expect((await world.files()).sort()).toEqual([ids[0]!, ids[3]!].sort());
  });

  it('forgets files some time after their message has ended, not before', async () => {
    const [open, ended, past] = [await world.message(), await world.message(), await world.message()];
    const kept = await Promise.all(
      [open, ended, past].map((messageId) =>
        world.media.take(world.scope, { messageId, n: 0 }, { url: pdfOf('/x.pdf', 2_000) }, signal),
      ),
    );
    for (const { mediaId } of kept) await utimes(join(world.folder, mediaId), 1, 1);
    world.ledger.clock.advance(3_600_001);
    await end(ended, 3_599_999);
    await end(past, 3_600_001);
    await world.media.tidy();
    expect((await world.files()).sort()).toEqual([kept[0]!.mediaId, kept[1]!.mediaId].sort());
  });

  it('loses what a process left that died, and nothing that is being made', async () => {
    await mkdir(world.folder, { recursive: true });
    for (const name of ['.part-old', '.part-new', 'media_unknown', 'media_fresh']) {
      await writeFile(join(world.folder, name), 'x');
    }
    for (const name of ['.part-old', 'media_unknown']) await utimes(join(world.folder, name), 1, 1);
    await world.media.tidy();
    expect((await world.files()).sort()).toEqual(['.part-new', 'media_fresh']);
  });

  it('loses at once what was erased', async () => {
    const kept = await world.take(pdfOf('/x.pdf', 2_000));
    await world.media.forget([kept.mediaId, 'media_unknown']);
    expect(await world.files()).toEqual([]);
  });

  it('need not be there', async () => {
    await expect(world.media.tidy()).resolves.toBeUndefined();
  });
});

describe('opening a file', () => {
  it('finds it by the address that was given out', async () => {
    const kept = await world.take(world.source.serve('/x.pdf', sample.pdf()));
    const address = world.media.addressOf(world.scope, kept.mediaId, kept.name);
    expect(address).toMatch(/^https:\/\/bridge\.example\.com\/media\/[\w.-]+\/x\.pdf$/);
    const opened = await world.another().open(...partsOfAddress(address));
    expect(opened).toMatchObject(kept);
    expect(await text(opened.read())).toBe(sample.pdf().toString());
    expect(await text(opened.read({ start: 1, end: 3 }))).toBe('PDF');
  });

  it('fetches it through, once for all who ask, where the folder is another', async () => {
    const webp = await sample.webp();
    const kept = await world.take(world.source.serve('/x.webp', webp));
    const elsewhere = world.another({ settings: { mediaDir: join(world.folder, 'elsewhere') } });
    const address = partsOfAddress(world.media.addressOf(world.scope, kept.mediaId, kept.name));
    const opened = await Promise.all([1, 2, 3].map(() => elsewhere.open(...address)));
    expect(opened.map(({ sha256 }) => sha256)).toEqual([kept.sha256, kept.sha256, kept.sha256]);
    expect(world.source.requests).toHaveLength(2);
    await elsewhere.open(...address);
    expect(world.source.requests).toHaveLength(2);
    expect(await world.files(join(world.folder, 'elsewhere'))).toEqual([kept.mediaId]);
  });

  it('does not find a file that has changed at its source', async () => {
    const kept = await world.take(world.source.serve('/x.pdf', sample.pdf()));
    pdfOf('/x.pdf', 5_000);
    const elsewhere = world.another({ settings: { mediaDir: join(world.folder, 'elsewhere') } });
    const address = partsOfAddress(world.media.addressOf(world.scope, kept.mediaId, kept.name));
    await expect(elsewhere.open(...address)).rejects.toMatchObject({ code: 'not_found', status: 404 });
    world.source.serve('/x.pdf', 'gone', {}, '404 Not Found');
    await expect(elsewhere.open(...address)).rejects.toMatchObject({ code: 'not_found' });
    expect(await world.files(join(world.folder, 'elsewhere'))).toEqual([]);
  });

  it('fetches anew a file that was cut on disk', async () => {
    const kept = await world.take(world.source.serve('/x.pdf', sample.pdf()));
    await writeFile(join(world.folder, kept.mediaId), 'cut');
    const opened = await world.media.open(
      ...partsOfAddress(world.media.addressOf(world.scope, kept.mediaId, kept.name)),
    );
    expect(await text(opened.read())).toBe(sample.pdf().toString());
  });
});
