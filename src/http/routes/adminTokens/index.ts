import Router from '@koa/router';
import type { App } from '../../../app';
import { forceRefresh } from '../../../commands/forceRefresh';
import type { RequestState } from '../../step';

/** `POST /admin/v1/tokens/:resourceId/refresh`: 202 `{resourceId, version, workflowId}`; the token itself is never shown. */
export function tokenRoutes(app: Pick<App, 'store' | 'starter'>): Router<RequestState> {
  const router = new Router<RequestState>();
  router.post('/admin/v1/tokens/:resourceId/refresh', async (ctx) => {
    const { resourceId, version, workflowId } = await forceRefresh(app, {
      resourceId: ctx.params['resourceId'] ?? '',
      actor: 'operator',
    });
    ctx.status = 202;
    ctx.body = { resourceId, version, workflowId };
  });
  return router;
}
