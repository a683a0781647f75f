import Router from '@koa/router';
import type { App } from '../../../app';
import { reconcileInstallations } from '../../../commands/reconcileInstallations';
import { jsonBody, type JsonState } from '../../middlewares/jsonBody';
import { rawBody, type RawState } from '../../middlewares/rawBody';
import { validate, type InputState } from '../../middlewares/validate';
import { presentInstallation } from '../../presenters/installation';
import type { RequestState } from '../../step';
import { reconcileSchema, type ReconcilePost } from './schema';

type State = RawState & JsonState & InputState<ReconcilePost>;

const CAP_BYTES = 16 * 1024;

/** `GET /admin/v1/installations`, `POST /admin/v1/installations/reconcile` (202 `{marked}`: how many are looked at). */
export function installationRoutes({ store, starter }: Pick<App, 'store' | 'starter'>): Router<RequestState> {
  const router = new Router<RequestState>();
  router.get('/admin/v1/installations', async (ctx) => {
    const [rows, progress] = [await store.installations.list(), await store.installations.progress()];
    ctx.body = { installations: rows.map((row) => presentInstallation(row, progress.get(row.resource_id))) };
  });
  router.post<State>(
    '/admin/v1/installations/reconcile',
    rawBody(CAP_BYTES),
    jsonBody(),
    validate(reconcileSchema, 422),
    async (ctx) => {
      const { companyId, locationId } = ctx.state.input;
      const input = { resourceId: locationId ?? companyId, actor: 'operator' };
      ctx.body = await reconcileInstallations({ store, starter }, input);
      ctx.status = 202;
    },
  );
  return router;
}
