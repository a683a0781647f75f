import Router from '@koa/router';
import type { App } from '../../../app';
import type { RequestState } from '../../step';

/** `GET /metrics`: all metrics of this process in Prometheus' text format. */
export function metricsRoutes({ metrics }: Pick<App, 'metrics'>): Router<RequestState> {
  const router = new Router<RequestState>();
  router.get('/metrics', async (ctx) => {
    ctx.type = metrics.contentType;
    ctx.body = await metrics.render();
  });
  return router;
}
