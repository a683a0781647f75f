import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { createConvert } from '../../src/media/convert/convert';
import { decodeHeic } from '../../src/media/convert/heic';
import { createPictures } from '../../src/media/convert/pictures';
import { FILE_TYPES } from '../../src/media/type/fileTypes';
import type { KeptMedia } from '../../src/media/media';
import { sample } from '../support/mediaSamples';
import { openMediaWorld, type MediaWorld } from '../support/mediaWorld';

let world: MediaWorld;
beforeAll(async () => {
  world = await openMediaWorld({ settings: { mediaMaxMb: 1 } });
});
afterAll(() => world.close());

const bytesOf = ({ mediaId }: KeptMedia): Promise<Buffer> => readFile(join(world.folder, mediaId));
const serve = (name: string, body: Buffer): string => world.source.serve(`/${name}`, body);

describe('a picture that WhatsApp would show wrongly', () => {
  it.each(['webp', 'avif', 'tiff'] as const)('is sent as JPEG: %s', async (name) => {
    const kept = await world.take(serve(`a.${name}`, await sample[name]()));
    expect(kept).toMatchObject({ kind: 'image', name: 'a.jpg', type: 'image/jpeg' });
    expect(await sharp(await bytesOf(kept)).metadata()).toMatchObject({ format: 'jpeg', width: 24, height: 16 });
    expect(kept.bytes).toBe((await bytesOf(kept)).length);
  });

  it('is sent as JPEG: heic, as phones write it', async () => {
    const kept = await world.take(serve('IMG_1.HEIC', await sample.heic()));
    expect(kept).toMatchObject({ kind: 'image', name: 'IMG_1.jpg', type: 'image/jpeg' });
    const picture = sharp(await bytesOf(kept));
    expect(await picture.metadata()).toMatchObject({ format: 'jpeg', width: 64, height: 48 });
    const [red, green, blue] = (await picture.stats()).channels.map(({ mean }) => Math.round(mean));
    expect([red, green, blue]).toEqual([199, 60, 20].map((value) => expect.closeTo(value, -1)));
  });

  it('is not unpacked when it has too many pixels: heic', async () => {
    const path = join(world.folder, '..', 'a.heic');
    await writeFile(path, await sample.heic());
    await expect(decodeHeic(path, 64 * 48)).resolves.toMatchObject({ width: 64, height: 48 });
    await expect(decodeHeic(path, 64 * 48 - 1)).rejects.toThrow(/too many pixels/);
  });

  it('stays transparent', async () => {
    const kept = await world.take(serve('a.webp', await sample.transparentWebp()));
    expect(kept).toMatchObject({ kind: 'image', name: 'a.png' });
    expect(await sharp(await bytesOf(kept)).metadata()).toMatchObject({ format: 'png', hasAlpha: true });
  });

  it('stands as it was held, and says nothing of where', async () => {
    const held = await sharp(await sample.jpeg())
      .withExif({ IFD0: { Copyright: 'here' } })
      .withMetadata({ orientation: 6 })
      .webp()
      .toBuffer();
    const kept = await world.take(serve('held.webp', held));
    const metadata = await sharp(await bytesOf(kept)).metadata();
    expect(metadata).toMatchObject({ width: 16, height: 24 });
    expect(metadata.exif).toBeUndefined();
  });

  it.each([
    ['broken', async () => (await sample.webp()).subarray(0, 60)],
    ['broken HEIC', async () => (await sample.heic()).subarray(0, 300)],
    ['of more pixels than bytes would tell', sample.bomb],
  ])('is sent as a document when it is %s', async (_name, make) => {
    const body = await make();
    const ending = { II: 'tiff', RI: 'webp' }[body.subarray(0, 2).toString()] ?? 'heic';
    const kept = await world.take(serve(`b.${ending}`, body));
    expect(kept).toMatchObject({ kind: 'document', name: `b.${ending}`, bytes: body.length });
    expect(await bytesOf(kept)).toEqual(body);
  });

  it('is sent as a document where the library is missing', async () => {
    const pictures = createPictures(() => Promise.reject(new Error('no such binary')));
    const ffmpeg = { present: () => Promise.resolve(false), run: () => Promise.resolve(false) };
    const { signal } = new AbortController();
    await expect(
      createConvert({ pictures, ffmpeg })(FILE_TYPES.webp, 'a', 'b', signal, 'whatsapp'),
    ).resolves.toBeNull();
    await expect(pictures.moves('a')).resolves.toBe(false);
  });
});

describe('a conversion', () => {
  it('waits for the one before it, and is not begun once nobody waits for it', async () => {
    const begun: string[] = [];
    let finish = (): void => undefined;
    const first = new Promise<null>((resolve) => (finish = () => resolve(null)));
    const rewrite = (from: string) => (begun.push(from), from === '1' ? first : Promise.resolve(null));
    const pictures = { rewrite, rewriteHeic: rewrite, moves: () => Promise.resolve(false) };
    const ffmpeg = { present: () => Promise.resolve(false), run: () => Promise.resolve(false) };
    const convert = createConvert({ pictures, ffmpeg });
    const [going, stopping] = [new AbortController(), new AbortController()];
    const one = convert(FILE_TYPES.webp, '1', 'a', going.signal, 'whatsapp');
    const two = convert(FILE_TYPES.webp, '2', 'b', stopping.signal, 'whatsapp');
    const three = convert(FILE_TYPES.webp, '3', 'c', going.signal, 'ghl');
    stopping.abort(new Error('enough'));
    finish();
    await expect(Promise.allSettled([one, two, three])).resolves.toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { message: 'enough' } },
      { status: 'fulfilled' },
    ]);
    expect(begun).toEqual(['1', '3']);
  });
});

describe('what is shown as it is', () => {
  it.each([
    ['a JPEG under a wrong ending', 'a.webp', sample.jpeg, 'a.jpg', 'image'],
    ['a PNG without an ending', 'picture', sample.png, 'picture.png', 'image'],
    ['a GIF, moving or not, without ffmpeg', 'a.gif', sample.movingGif, 'a.gif', 'image'],
    [
      'a voice note',
      'PTT.opus',
      () => Promise.resolve(Buffer.from('OggS\0\x02' + '\0'.repeat(60))),
      'PTT.ogg',
      'audio',
    ],
    [
      'a sound without ffmpeg',
      'a.m4a',
      () => Promise.resolve(Buffer.from('\0\0\0 ftypM4A \0\0\0\0')),
      'a.m4a',
      'document',
    ],
  ])('keeps its bytes: %s', async (_name, claimed, make, name, kind) => {
    const body = await make();
    const kept = await world.take(serve(claimed, body));
    expect(kept).toMatchObject({ name, kind });
    expect(await bytesOf(kept)).toEqual(body);
  });
});

describe('with ffmpeg', () => {
  /** Plays ffmpeg: writes its arguments down, and answers as the script says. */
  async function playFfmpeg(script: string): Promise<{ command: string; calls(): Promise<string> }> {
    const command = join(world.folder, '..', `ffmpeg-${Math.random()}`);
    const log = `${command}.log`;
    await writeFile(
      command,
      `#!/bin/sh\necho "$@" >> ${log}\n[ "$1" = -version ] && exit 0\nfor out; do :; done\n` +
        `[ -z "$ENCRYPTION_KEYS$HOME" ] || exit 9\n${script}\n`,
    );
    await chmod(command, 0o700);
    return { command, calls: () => readFile(log, 'utf8') };
  }
  const WRITES = 'printf "made by ffmpeg" > "${out#file:}"';

  it.each([
    ['a moving GIF', 'a.gif', sample.movingGif, 'a.mp4', 'video', '-f gif -i file:'],
    [
      'a voice memo',
      'a.m4a',
      () => Promise.resolve(Buffer.from('\0\0\0 ftypM4A \0\0\0\0')),
      'a.mp3',
      'audio',
      '-f mov -i',
    ],
    [
      'a BMP',
      'a.bmp',
      () => Promise.resolve(Buffer.from(`BM\x10\x20${'\0'.repeat(60)}`)),
      'a.jpg',
      'image',
      '-f bmp_pipe',
    ],
  ])('sends %s so that it plays or shows', async (_name, claimed, make, name, kind, args) => {
    const { command, calls } = await playFfmpeg(WRITES);
    const kept = await world.take(serve(claimed, await make()), world.another({ ffmpeg: command }));
    expect(kept).toMatchObject({ name, kind });
    expect((await bytesOf(kept)).toString()).toBe('made by ffmpeg');
    const [looked, converted, ...more] = (await calls()).trim().split('\n');
    expect([looked, more]).toEqual(['-version', []]);
    expect(converted).toContain('-protocol_whitelist file ');
    expect(converted).toContain(args);
  });

  it('leaves a GIF that does not move alone', async () => {
    const { command, calls } = await playFfmpeg(WRITES);
    const kept = await world.take(serve('s.gif', await sample.gif()), world.another({ ffmpeg: command }));
    expect(kept).toMatchObject({ kind: 'image', name: 's.gif' });
    expect(await calls()).toBe('-version\n');
  });

  it.each([
    ['fails', `${WRITES}; exit 1`],
    ['writes nothing', 'true'],
    ['writes too much', 'head -c 1048577 /dev/zero > "${out#file:}"'],
  ])('sends the file as it is when it %s, and leaves nothing behind', async (_name, script) => {
    const { command } = await playFfmpeg(script);
    const before = (await world.files()).length;
    const kept = await world.take(serve('g.gif', await sample.movingGif()), world.another({ ffmpeg: command }));
    expect(kept).toMatchObject({ kind: 'image', name: 'g.gif' });
    expect(await world.files()).toHaveLength(before + 1);
  });
});
