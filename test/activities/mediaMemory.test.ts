import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { request } from 'undici';
import { headOf, startMediaSource, type MediaSourceServer } from '../support/mediaSource';
import { startHttpApp, type HttpApp } from '../support/httpApp';
import { typed } from '../store/line';

const MB = 1024 * 1024;
const SIZE = 96 * MB;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes held in objects and buffers, after collecting what is not. */
function held(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Looks at what is held while bytes pass, eight times in a file (a look takes its time). */
function looker(): { pass(bytes: number): void; most(): number } {
  const before = held();
  let most = before;
  let passed = 0;
  return {
    pass(bytes) {
      const eighth = SIZE / 8;
      if (Math.floor(passed / eighth) !== Math.floor((passed + bytes) / eighth)) most = Math.max(most, held());
      passed += bytes;
    },
    most: () => most - before,
  };
}

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

it('takes and gives a large file without holding it in memory', async () => {
  const { media, store } = http.app;
  const piece = Buffer.alloc(65_536, 'a');
  const taking = looker();
  const url = source.on('/large.txt', async (socket) => {
    socket.write(headOf('200 OK', { 'content-length': String(SIZE) }));
    for (let sent = 0; sent < SIZE; sent += piece.length) {
      if (!socket.write(piece)) await new Promise((resolve) => socket.once('drain', resolve));
      taking.pass(piece.length);
    }
    socket.end();
  });
  const scope = { locationId: 'location-1' };
  const { messageId } = await store.messages.acceptOutbound(scope, typed());
  const kept = await media.take(scope, { messageId, n: 0 }, { url }, new AbortController().signal);
  expect(kept.bytes).toBe(SIZE);

  const giving = looker();
  const address = media.addressOf(scope, kept.mediaId, 'large.txt').replace('https://bridge.example.com', http.ingress);
  const { body } = await request(address);
  let bytes = 0;
  for await (const chunk of body) {
    bytes += (chunk as Buffer).length;
    giving.pass((chunk as Buffer).length);
  }
  expect(bytes).toBe(SIZE);
  // Both ends run in this process and hold what is on its way: never half of the file.
  expect(taking.most()).toBeLessThan(SIZE / 2);
  expect(giving.most()).toBeLessThan(SIZE / 2);
});
