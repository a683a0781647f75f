import { rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { request } from 'undici';
import { headOf, startMediaSource, type MediaSourceServer } from '../support/mediaSource';
import { sample } from '../support/mediaSamples';
import { startHttpApp, type HttpApp } from '../support/httpApp';
import { typed } from '../store/line';
import type { KeptMedia } from '../../src/media/media';

let source: MediaSourceServer;
let http: HttpApp;
beforeAll(async () => {
  source = await startMediaSource();
  http = await startHttpApp({ env: { MEDIA_ALLOW_HOSTS: source.host } });
});
afterAll(async () => {
  await http.close();
  await source.close();
});

const scope = { locationId: 'location-1' };
const PDF = sample.pdf();

interface Offered extends KeptMedia {
  /** Under the listener of the test. */
  url: string;
}

async function offer(body: Buffer, name: string): Promise<Offered> {
  const { messageId } = await http.app.store.messages.acceptOutbound(scope, typed());
  const url = source.serve(`/${encodeURIComponent(name)}`, body);
  const kept = await http.app.media.take(scope, { messageId, n: 0 }, { url }, new AbortController().signal);
  const address = http.app.media.addressOf(scope, kept.mediaId, kept.name);
  return { ...kept, url: address.replace('https://bridge.example.com', http.ingress) };
}

const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  request(url, { method, headers });

describe('GET /media/:token/:name', () => {
  it('gives the file with its type, length and tag, and never lets it be guessed or shared', async () => {
    const jpeg = await sample.jpeg();
    const { url, sha256 } = await offer(jpeg, 'photo.jpg');
    const { statusCode, headers, body } = await get(url);
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(jpeg.length),
      'accept-ranges': 'bytes',
      'cache-control': 'private',
      'x-content-type-options': 'nosniff',
      etag: `"${sha256}"`,
    });
    expect(headers['content-disposition']).toBeUndefined();
    const bytes = Buffer.from(await body.arrayBuffer());
    expect(bytes).toEqual(jpeg);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  });

  it('offers a document under its name, whatever letters that has', async () => {
    const { url } = await offer(PDF, 'Preisliste "2026" 価格.pdf');
    const { headers, body } = await get(url);
    expect(headers['content-type']).toBe('application/pdf');
    expect(headers['content-disposition']).toMatch(
      /^attachment; filename="[^"\n]*\.pdf"; filename\*=UTF-8''Preisliste%202026%20%E4%BE%A1%E6%A0%BC\.pdf$/,
    );
    await body.dump();
  });

  it('says of a text how it is written', async () => {
    const { url } = await offer(Buffer.from('é'), 'a.txt');
    const { headers, body } = await get(url);
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(await body.text()).toBe('é');
  });

  it('answers HEAD like GET, without the file', async () => {
    const { url, bytes } = await offer(PDF, 'a.pdf');
    const { statusCode, headers, body } = await get(url, {}, 'HEAD');
    expect([statusCode, headers['content-type'], headers['content-length']]).toEqual([
      200,
      'application/pdf',
      String(bytes),
    ]);
    expect(await body.text()).toBe('');
  });

  it.each([
    ['bytes=0-3', '%PDF', `bytes 0-3/${PDF.length}`],
    ['bytes=-6', '%%EOF\n', `bytes ${PDF.length - 6}-${PDF.length - 1}/${PDF.length}`],
    [`bytes=${PDF.length - 1}-`, '\n', `bytes ${PDF.length - 1}-${PDF.length - 1}/${PDF.length}`],
    ['bytes=0-999999', PDF.toString(), `bytes 0-${PDF.length - 1}/${PDF.length}`],
  ])('gives the part that %s asks for', async (range, part, said) => {
    const { url } = await offer(PDF, 'a.pdf');
    const { statusCode, headers, body } = await get(url, { range });
    expect([statusCode, headers['content-range'], headers['content-length']]).toEqual([206, said, String(part.length)]);
    expect(await body.text()).toBe(part);
  });

  it.each(['bytes=0-0,5-6', 'lines=0-1', 'bytes=x', 'nonsense'])('gives the whole for %s', async (range) => {
    const { url } = await offer(PDF, 'a.pdf');
    const { statusCode, body } = await get(url, { range });
    expect([statusCode, await body.text()]).toEqual([200, PDF.toString()]);
  });

  it('refuses a part that the file does not have', async () => {
    const { url } = await offer(PDF, 'a.pdf');
    const { statusCode, headers, body } = await get(url, { range: 'bytes=99999-' });
    expect([statusCode, headers['content-range']]).toEqual([416, `bytes */${PDF.length}`]);
    expect(await body.json()).toMatchObject({ code: 'bad_range', status: 416 });
  });

  it('gives a part only of the file that the caller has begun, and nothing that it has whole', async () => {
    const { url, sha256 } = await offer(PDF, 'a.pdf');
    const ask = async (headers: Record<string, string>) => {
      const { statusCode, body } = await get(url, headers);
      return [statusCode, (await body.text()).length];
    };
    expect(await ask({ range: 'bytes=0-3', 'if-range': `"${sha256}"` })).toEqual([206, 4]);
    expect(await ask({ range: 'bytes=0-3', 'if-range': '"other"' })).toEqual([200, PDF.length]);
    expect(await ask({ 'if-none-match': `"${sha256}"` })).toEqual([304, 0]);
  });
});

describe('an address that is not good', () => {
  const changed: [string, (url: string) => string][] = [
    ['another name', (url) => url.replace('a.pdf', 'b.pdf')],
    ['another ending', (url) => url.replace('a.pdf', 'a.html')],
    ['a changed signature', (url) => url.replace(/.(?=\/a\.pdf)/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['a later expiry', (url) => url.replace(/(media_\w+)\.\w+/, '$1.zzzzzzzzz')],
    ['no signature', (url) => url.replace(/\.[\w-]+\/a\.pdf/, '/a.pdf')],
    ['a path in its token', (url) => url.replace(/media\/[^/]+/, 'media/..%2f..%2fbridge.sqlite')],
    ['a path in its name', (url) => url.replace('a.pdf', '..%2fa.pdf')],
    ['half an escape', (url) => url.replace('a.pdf', 'a%.pdf')],
  ];

  it.each(changed)('is not found: %s', async (_name, change) => {
    const { url } = await offer(PDF, 'a.pdf');
    const { statusCode, body } = await get(change(url));
    expect([statusCode, await body.json()]).toMatchObject([404, { code: 'not_found' }]);
  });

  it('is not found when it has expired, or its file is gone, and says the same', async () => {
    const { url, mediaId } = await offer(PDF, 'a.pdf');
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_001);
    const expired = await get(url).then(({ body }) => body.json());
    now.mockRestore();
    await http.db.knex('media').where({ id: mediaId }).delete();
    const erased = await get(url).then(({ body }) => body.json());
    expect(erased).toEqual({ ...(expired as object), requestId: expect.any(String) });
    expect(erased).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('says that trying again may help while its source does not give it', async () => {
    const { url } = await offer(PDF, 'a.pdf');
    await rm(http.app.settings.mediaDir, { recursive: true });
    source.serve('/a.pdf', 'busy', {}, '503 Service Unavailable');
    const { statusCode, body } = await get(url);
    expect([statusCode, await body.json()]).toMatchObject([503, { code: 'media_unavailable' }]);
  });

  it('is not found when the file can not be had again', async () => {
    const { url } = await offer(PDF, 'a.pdf');
    await rm(http.app.settings.mediaDir, { recursive: true });
    source.on('/a.pdf', (socket) => void socket.end(headOf('410 Gone', { 'content-length': '0' })));
    const { statusCode } = await get(url);
    expect(statusCode).toBe(404);
  });
});

it('leaves no token and no name in the log', async () => {
  const { url } = await offer(PDF, 'secret-plans.pdf');
  await get(url).then(({ body }) => body.dump());
  await get(url.replace('plans', 'plan')).then(({ body }) => body.dump());
  const [, token] = /media\/([^/]+)\//.exec(url)!;
  expect(http.logs()).toContain('/media/:token/:name');
  for (const secret of [token!, token!.split('.')[2]!, 'secret-plan']) expect(http.logs()).not.toContain(secret);
});
