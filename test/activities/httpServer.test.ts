import { createServer, connect as dial, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Koa from 'koa';
import { Agent, request } from 'undici';
import { listen, type HttpServer } from '../../src/http/server';
import type { RequestState } from '../../src/http/step';

const AT = { host: '127.0.0.1', port: 0 };
/** Longer than a test may take: nothing is cut in it. */
const FOREVER_MS = 3_600_000;

/** An application whose answer waits for the test. */
function slowApp() {
  const koa = new Koa<RequestState>();
  let arrived = (): void => undefined;
  let finish = (): void => undefined;
  const inHand = new Promise<void>((resolve) => (arrived = resolve));
  const held = new Promise<void>((resolve) => (finish = resolve));
  let finished = false;
  koa.use(async (ctx) => {
    if (ctx.path !== '/slow') return void (ctx.body = 'quick');
    arrived();
    await held;
    finished = true;
    ctx.body = 'slow';
  });
  return { koa, inHand, finish: () => finish(), isFinished: () => finished };
}

const get = async (server: HttpServer, path: string, dispatcher?: Agent) =>
  await request(`http://127.0.0.1:${server.port}${path}`, { dispatcher });

test('closing lets the request in hand finish, refuses new ones, and drops idle connections', async () => {
  const { koa, inHand, finish } = slowApp();
  const server = await listen(koa, AT);
  const keptAlive = new Agent();
  await (await get(server, '/', keptAlive)).body.text();
  const slow = get(server, '/slow', keptAlive);
  await inHand;
  const closing = server.close(FOREVER_MS);
  await expect(get(server, '/', new Agent())).rejects.toThrow();
  finish();
  expect(await (await slow).body.text()).toBe('slow');
  await closing;
  await keptAlive.close();
});

test('closing waits for the work of a caller who has gone', async () => {
  const { koa, inHand, finish, isFinished } = slowApp();
  koa.silent = true;
  const server = await listen(koa, AT);
  const socket = dial(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
  await inHand;
  socket.destroy();
  const closing = server.close(FOREVER_MS);
  const first = await Promise.race([closing.then(() => 'closed'), sleep(300).then(() => 'still in hand')]);
  expect([first, isFinished()]).toEqual(['still in hand', false]);
  finish();
  await closing;
  expect(isFinished()).toBe(true);
});

test('closing cuts what does not end in its grace', async () => {
  const { koa } = slowApp();
  const server = await listen(koa, AT);
  const socket = dial(server.port, '127.0.0.1');
  const cut = new Promise((resolve) => socket.on('close', () => resolve('cut')));
  await new Promise((resolve) => socket.write('GET / HTTP/1.1\r\nHost: x\r\nContent-Le', resolve));
  await new Promise((resolve) => setImmediate(resolve));
  await server.close(50);
  expect(await cut).toBe('cut');
});

test('a port that is taken is told with its address', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const attempt = listen(new Koa<RequestState>(), { host: '127.0.0.1', port });
  await expect(attempt).rejects.toMatchObject({
    code: 'address_in_use',
    message: expect.stringContaining(`:${port}`) as string,
  });
  await new Promise((resolve) => taken.close(resolve));
});

test('a host that is none is told', async () => {
  const attempt = listen(new Koa<RequestState>(), { host: '203.0.113.7', port: 0 });
  await expect(attempt).rejects.toMatchObject({ code: 'address_unusable' });
});

test('headers beyond 16 KB are refused', async () => {
  const { koa } = slowApp();
  const server = await listen(koa, AT);
  const answer = await request(`http://127.0.0.1:${server.port}/`, { headers: { 'x-long': 'x'.repeat(17_000) } });
  await answer.body.dump();
  expect(answer.statusCode).toBe(431);
  await server.close();
});
