import Router from '@koa/router';
import type { App } from '../../../app';
import { presentInstallation } from '../../presenters/installation';
import type { RequestState } from '../../step';

/** `GET /admin/v1/installations`. */
export function installationRoutes({ store }: Pick<App, 'store'>): Router<RequestState> {
  const router = new Router<RequestState>();
  router.get('/admin/v1/installations', async (ctx) => {
    ctx.body = { installations: (await store.installations.list()).map(presentInstallation) };
  });
  return router;
}
