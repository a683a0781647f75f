import Router from '@koa/router';
import Koa from 'koa';
import { rawBody, type RawState } from '../../http/middlewares/rawBody';
import { listen } from '../../http/server';
import type { RequestState } from '../../http/step';

const CAP_BYTES = 256 * 1024;

/**
 * What the ingress is compared with, in a process of its own: Koa on the same server, the same read of the raw body,
 * JSON.parse, the same answer, and nothing else. Sends its port to its parent, and then, for each message, the seconds
 * of processor time that it has used.
 */
async function main(): Promise<void> {
  const router = new Router<RequestState>();
  router.post<RawState>('/', rawBody(CAP_BYTES), (ctx) => {
    JSON.parse(ctx.state.raw.toString('utf8'));
    ctx.body = { accepted: true };
  });
  const koa = new Koa<RequestState>();
  koa.use(router.routes());
  const { port } = await listen(koa, { host: '127.0.0.1', port: 0 });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1e6);
  });
  process.send?.(port);
}

void main();
