import type Router from '@koa/router';
import Koa from 'koa';
import type { App } from '../app';
import { problem } from './middlewares/problem';
import { requestLog } from './middlewares/requestLog';
import { securityHeaders } from './middlewares/securityHeaders';
import { unknownRoute } from './middlewares/unknownRoute';
import type { ListenerStep, RequestState } from './step';

/** Returns an application with what every listener does, then `guards`, then the routes. */
export function createListener(
  app: Pick<App, 'logger' | 'metrics'>,
  guards: readonly ListenerStep[],
  routers: readonly Router<RequestState>[],
): Koa<RequestState> {
  const koa = new Koa<RequestState>();
  // What fails outside of our steps (a socket that broke while the answer was written) is no news.
  koa.on('error', (error: unknown) => app.logger.debug({ err: error }, 'answer not delivered'));
  for (const step of [requestLog(app), securityHeaders(), problem(), unknownRoute(), ...guards]) koa.use(step);
  for (const router of routers) koa.use(router.routes()).use(router.allowedMethods());
  return koa;
}
