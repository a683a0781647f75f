import { request } from 'undici';
import { headOf, startMediaSource } from '../support/mediaSource';
import { startHttpApp } from '../support/httpApp';
import { typed } from '../store/line';

const MB = 1024 * 1024;
const SIZE = 64 * MB;

/** The most that memory grows by, beyond what it is before, while `work` runs. */
async function growth(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
  await work();
  clearInterval(timer);
  return most - before;
}

it('takes and gives a large file without holding it in memory', async () => {
  const source = await startMediaSource();
  const http = await startHttpApp({ env: { MEDIA_ALLOW_HOSTS: source.host } });
  const { media, store } = http.app;
  const piece = Buffer.alloc(65_536, 'a');
  const url = source.on('/large.txt', async (socket) => {
    socket.write(headOf('200 OK', { 'content-length': String(SIZE) }));
    for (let sent = 0; sent < SIZE; sent += piece.length) {
      if (!socket.write(piece)) await new Promise((resolve) => socket.once('drain', resolve));
    }
    socket.end();
  });
  const scope = { locationId: 'location-1' };
  const { messageId } = await store.messages.acceptOutbound(scope, typed());
  let mediaId = '';
  const taking = await growth(async () => {
    const kept = await media.take(scope, { messageId, n: 0 }, { url }, new AbortController().signal);
    expect(kept.bytes).toBe(SIZE);
    mediaId = kept.mediaId;
  });
  const address = media.addressOf(scope, mediaId, 'large.txt').replace('https://bridge.example.com', http.ingress);
  let bytes = 0;
  const giving = await growth(async () => {
    const { body } = await request(address);
    for await (const chunk of body) bytes += (chunk as Buffer).length;
  });
  expect(bytes).toBe(SIZE);
  // Both ends run in this process, and a runtime keeps what it once had: the file itself would be twice that.
  expect(taking).toBeLessThan(40 * MB);
  expect(giving).toBeLessThan(40 * MB);
  await http.close();
  await source.close();
});
