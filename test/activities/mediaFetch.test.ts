import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { FetchLimits } from '../../src/media/fetch/ask';
import { headOf, type MediaSourceServer } from '../support/mediaSource';
import { sample } from '../support/mediaSamples';
import { openMediaWorld, type MediaWorld } from '../support/mediaWorld';

/** Names that the played resolver knows; the last answer stays. */
const names: Record<string, string[]> = {};
const asked: string[] = [];
const resolve = (hostname: string) => {
  asked.push(hostname);
  const answers = names[hostname] ?? [];
  const address = answers.length > 1 ? answers.shift() : answers[0];
  if (address === undefined) return Promise.reject(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }));
  return Promise.resolve([{ address, family: address.includes(':') ? 6 : 4 }]);
};

let world: MediaWorld;
let source: MediaSourceServer;
let jpeg: Buffer;
beforeAll(async () => {
  world = await openMediaWorld({ resolve, settings: { mediaMaxMb: 1, mediaDocumentMaxMb: 2 } });
  source = world.source;
  jpeg = await sample.jpeg();
});
afterAll(() => world.close());

const MB = 1024 * 1024;
const JPEG_HEAD = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);

/** Writes for as long as anybody reads, at the pace at which it is read. */
async function writeOn(socket: Socket, piece: Buffer): Promise<void> {
  while (!socket.destroyed) {
    if (!socket.write(piece)) {
      await Promise.race(['drain', 'close'].map((event) => new Promise((done) => socket.once(event, done))));
    }
  }
}

/** Writes one byte at a time, often enough that no pause is ever long. */
function drip(socket: Socket): void {
  const timer = setInterval(() => socket.write('x'), 200);
  socket.on('close', () => clearInterval(timer));
}

const redirect = (to: string, status = '302 Found') => source.serve('/redirect', '', { location: to }, status);

/** Each attack: an address, and the reason with which it is refused. */
type Attack = () => string | { url: string; name?: string };
const NEVER: Record<string, [Attack, string]> = {
  'a private literal address': [() => 'https://10.0.0.1/a.jpg', 'media_address_refused'],
  'an encoded private address': [() => 'https://0x7f000001/a.jpg', 'media_address_refused'],
  'a name that stands for a private address': [
    () => ((names['intranet.example.com'] = ['192.168.0.9']), 'https://intranet.example.com/a.jpg'),
    'media_address_refused',
  ],
  'a name that stands for the metadata service, mapped': [
    () => ((names['meta.example.com'] = ['::ffff:169.254.169.254']), 'https://meta.example.com/latest'),
    'media_address_refused',
  ],
  'plain http': [() => 'http://files.example.com/a.jpg', 'media_address_refused'],
  'a redirect to a private address': [() => redirect('https://127.0.0.1/a.jpg'), 'media_address_refused'],
  'a redirect to a name of a private address': [
    () => ((names['later.example.com'] = ['127.0.0.1']), redirect('https://later.example.com/', '307 Temporary')),
    'media_address_refused',
  ],
  'a redirect to a file': [() => redirect('file:///etc/passwd'), 'media_address_refused'],
  'a redirect to plain http elsewhere': [() => redirect('http://files.example.com/a.jpg'), 'media_address_refused'],
  'a redirect with a password': [() => redirect('https://a:b@files.example.com/'), 'media_address_refused'],
  'a redirect loop': [() => redirect('/redirect', '301 Moved'), 'media_redirects'],
  'a fourth redirect': [
    () => {
      source.serve('/r2', '', { location: '/r3' }, '302 Found');
      source.serve('/r3', '', { location: '/r4' }, '302 Found');
      source.serve('/r4', '', { location: '/r5.jpg' }, '302 Found');
      source.serve('/r5.jpg', jpeg);
      return redirect('/r2');
    },
    'media_redirects',
  ],
  'a redirect to nowhere': [() => source.serve('/nowhere', '', {}, '302 Found'), 'media_gone'],
  'a file that is gone': [() => `${source.url}/missing`, 'media_gone'],
  'a file that is not for us': [() => source.serve('/private', 'no', {}, '403 Forbidden'), 'media_gone'],
  'a part that nobody asked for': [() => source.serve('/part', jpeg, {}, '206 Partial Content'), 'media_gone'],
  'an empty file': [() => source.serve('/empty.jpg', ''), 'media_empty'],
  'a packed file': [
    () => source.serve('/bomb.txt', gzipSync(Buffer.alloc(50 * MB)), { 'content-encoding': 'gzip' }),
    'media_encoded',
  ],
  'a file that is packed twice': [
    () => source.serve('/br.txt', 'x', { 'content-encoding': 'br, gzip' }),
    'media_encoded',
  ],
  'a program that is called a picture': [
    () => source.serve('/a.jpg', Buffer.from('MZ\0\0\0'), { 'content-type': 'image/jpeg' }),
    'media_type_refused',
  ],
  'a web page that is called a text': [
    () => source.serve('/a.txt', '\n <HTML><body>Sign in</body>', { 'content-type': 'text/plain' }),
    'media_type_refused',
  ],
  'a web page behind a first line': [
    () => source.serve('/b.txt', 'hello\n<script>alert(1)</script>'),
    'media_type_refused',
  ],
  'an SVG': [() => source.serve('/a.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'), 'media_type_refused'],
  'a script by its name': [() => source.serve('/a.ps1', 'Write-Host hi'), 'media_type_refused'],
  'a script by its first line': [() => source.serve('/c.txt', '#!/bin/sh\nrm -rf /'), 'media_type_refused'],
  'a text that is none': [() => source.serve('/d.csv', Buffer.from([0x61, 0xe9, 0x62])), 'media_type_refused'],
  'a text that turns out binary at its end': [
    () => source.serve('/e.txt', Buffer.concat([Buffer.alloc(200_000, 'a'), Buffer.from([0])])),
    'media_type_refused',
  ],
  'a picture that is too large': [
    () => source.serve('/large.jpg', Buffer.concat([JPEG_HEAD, Buffer.alloc(MB)])),
    'media_too_large',
  ],
  'a document that is too large': [
    () => source.serve('/large.pdf', Buffer.concat([sample.pdf(), Buffer.alloc(2 * MB)])),
    'media_too_large',
  ],
  'an endless picture': [
    () =>
      source.on('/endless.jpg', (socket) => {
        socket.write(headOf('200 OK', {}));
        socket.write(JPEG_HEAD);
        return writeOn(socket, Buffer.alloc(65_536));
      }),
    'media_too_large',
  ],
  'an endless text': [
    () =>
      source.on('/endless.txt', (socket) => {
        socket.write(headOf('200 OK', {}));
        return writeOn(socket, Buffer.alloc(65_536, 'a'));
      }),
    'media_too_large',
  ],
  'a picture that announces no length and is too large': [
    () =>
      source.on('/chunks.jpg', (socket) => {
        socket.write(headOf('200 OK', { 'transfer-encoding': 'chunked' }));
        socket.write(`${(2 * MB).toString(16)}\r\n`);
        socket.end(Buffer.concat([JPEG_HEAD, Buffer.alloc(2 * MB)]));
      }),
    'media_too_large',
  ],
};

const LATER: Record<string, [Attack, string, Partial<FetchLimits>?]> = {
  'a server in trouble': [() => source.serve('/500', 'no', {}, '503 Service Unavailable'), 'media_unavailable'],
  'a server that asks for patience': [() => source.serve('/429', 'no', {}, '429 Too Many'), 'media_unavailable'],
  'a name that nobody knows': [() => 'https://unknown.example.com/a.jpg', 'media_unreachable'],
  'another protocol': [() => source.on('/ssh', (socket) => void socket.end('SSH-2.0-x\r\n')), 'media_unreachable'],
  'a server that says nothing': [() => source.on('/silent', () => undefined), 'media_timeout'],
  'a head that drips': [
    () =>
      source.on('/head', (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nx-long: ');
        drip(socket);
      }),
    'media_timeout',
  ],
  'a body that stops': [
    () => source.on('/stops', (socket) => void socket.write(headOf('200 OK', { 'content-length': '9' }))),
    'media_timeout',
  ],
  'a body that drips': [
    () =>
      source.on('/drips', (socket) => {
        socket.write(headOf('200 OK', { 'content-length': '99999' }));
        drip(socket);
      }),
    'media_timeout',
    { totalMs: 1_500 },
  ],
  'a body shorter than announced': [
    () => source.serve('/short.jpg', jpeg, { 'content-length': String(jpeg.length + 1) }),
    'media_incomplete',
  ],
  'a body longer than announced': [
    () => source.serve('/long.jpg', jpeg, { 'content-length': String(jpeg.length - 1) }),
    'media_incomplete',
  ],
  'a body that breaks off between pieces': [
    () =>
      source.on('/pieces.jpg', (socket) => {
        socket.write(headOf('200 OK', { 'transfer-encoding': 'chunked' }));
        socket.end(`3\r\n\xff\xd8\xff\r\n`, 'latin1');
      }),
    'media_incomplete',
  ],
  'two lengths': [
    () => {
      const head = 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\n';
      return source.on('/two', (socket) => void socket.end(`${head}abcd`));
    },
    'media_unreachable',
  ],
  'a length and pieces at once': [
    () =>
      source.on('/both', (socket) => {
        socket.end(`${headOf('200 OK', { 'content-length': '3', 'transfer-encoding': 'chunked' })}0\r\n\r\n`);
      }),
    'media_unreachable',
  ],
  'the offer of another protocol': [
    () =>
      source.on('/ws', (socket) => void socket.write(headOf('101 Switching', { upgrade: 'x', connection: 'upgrade' }))),
    'media_unreachable',
  ],
};

async function refusedBy(attack: Attack, by = world.media): Promise<unknown> {
  return await world.take(attack(), by).then(
    (kept) => kept,
    (error: unknown) => error,
  );
}

describe('a fetch', () => {
  afterEach(async () => {
    expect(await world.files()).toEqual([]);
    expect(await world.ledger.db.knex('media')).toEqual([]);
  });

  it.each(Object.entries(NEVER))('refuses %s for good', async (_name, [attack, code]) => {
    expect(await refusedBy(attack)).toMatchObject({ name: 'DomainError', code, retry: 'never' });
  });

  it.each(Object.entries(LATER))('is tried again after %s', async (_name, [attack, code, limits]) => {
    const by = limits === undefined ? world.media : world.another({ limits });
    expect(await refusedBy(attack, by)).toMatchObject({ name: 'DomainError', code, retry: 'later' });
  });

  it('stops when it is told to, also before a connection stands', async () => {
    const stopping = new AbortController();
    const patient = world.another({ limits: { headMs: 120_000 } });
    const url = source.on('/waits', () => stopping.abort());
    const ref = { messageId: await world.message(), n: 0 };
    const taken = patient.take(world.scope, ref, { url }, stopping.signal);
    await expect(taken).rejects.toMatchObject({ code: 'media_interrupted', retry: 'later' });
    const again = patient.take(world.scope, ref, { url }, stopping.signal);
    await expect(again).rejects.toMatchObject({ code: 'media_interrupted' });
  });

  it('says nothing of the address in its error', async () => {
    const error = (await refusedBy(() => 'https://user:secret@10.0.0.1/private.jpg')) as Error;
    expect(JSON.stringify([error.message, String(error.cause)])).not.toMatch(/secret|10\.0|private\.jpg/);
  });
});

describe('a name that changes between look-ups', () => {
  it('reaches nobody by its second answer', async () => {
    let reached = 0;
    const inside = createServer((socket) => void (socket.destroy(), (reached += 1)));
    await new Promise<void>((done) => inside.listen(0, '127.0.0.1', done));
    const { port } = inside.address() as AddressInfo;
    // Were a second look-up made for the connection, it would get another answer than the one that was checked.
    names['rebind.example.com'] = ['127.0.0.1', '8.8.8.8'];
    asked.length = 0;
    const error = await refusedBy(() => 'https://rebind.example.com:8443/a.jpg');
    expect(error).toMatchObject({ code: 'media_address_refused' });
    expect(asked).toEqual(['rebind.example.com']);
    names['rebind.example.com'] = ['127.0.0.1'];
    await refusedBy(() => redirect(`https://rebind.example.com:${port}/`));
    expect(reached).toBe(0);
    await new Promise((done) => inside.close(done));
  });
});

describe('what is asked', () => {
  it('carries no cookie or credential, asks for nothing packed, and follows three redirects', async () => {
    source.requests.length = 0;
    source.serve('/1', '', { location: '/2', 'set-cookie': 'a=b' }, '301 Moved');
    source.serve('/2', '', { location: `${source.url}/3` }, '303 See Other');
    source.serve('/3', '', { location: '/ok.jpg?x=1' }, '308 Permanent');
    source.serve('/ok.jpg', jpeg);
    const kept = await world.take(`${source.url}/1`);
    expect(kept).toMatchObject({ kind: 'image', name: '1.jpg', bytes: jpeg.length });
    expect(source.requests).toHaveLength(4);
    expect(source.requests.at(-1)).toMatch(/^GET \/ok\.jpg\?x=1 HTTP\/1\.1\r\n/);
    for (const request of source.requests) {
      expect(request).toMatch(/accept-encoding: identity\r\n/);
      expect(request).not.toMatch(/cookie|authorization|referer/i);
    }
  });
});
