import Router from '@koa/router';
import type { App } from '../../../app';
import { missedOf } from '../../../commands/missedOf';
import { presentOutage } from '../../presenters/outage';
import type { RequestState } from '../../step';

/** `GET /admin/v1/outages`: `{outages}`, the latest first, with what was sent in GHL meanwhile and never came. */
export function outageRoutes(app: Pick<App, 'store' | 'settings'>): Router<RequestState> {
  const router = new Router<RequestState>();
  router.get('/admin/v1/outages', async (ctx) => {
    const rows = await app.store.outages.list();
    ctx.body = { outages: await Promise.all(rows.map(async (row) => presentOutage(row, await missedOf(app, row)))) };
  });
  return router;
}
