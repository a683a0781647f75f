import type Router from '@koa/router';
import type Koa from 'koa';
import type { RequestState } from '../../src/http/step';

/** Returns every route of a listener as `METHOD /path`, read off its routers: a new one can not be left out. */
export function routesOf(koa: Koa<RequestState>): string[] {
  const routers = (koa.middleware as { router?: Router<RequestState> }[]).flatMap(({ router }) => router ?? []);
  const layers = routers.flatMap((router) => router.stack);
  const routes = layers.flatMap(({ methods, path }) => methods.map((method) => `${method} ${String(path)}`));
  return [...new Set(routes)].filter((route) => !route.startsWith('HEAD ')).sort();
}
