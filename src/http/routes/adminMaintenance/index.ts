import Router from '@koa/router';
import type { App } from '../../../app';
import type { RequestState } from '../../step';

/** What Temporal's namespace lacks: `commands` are the exact ones that an operator runs. */
export interface TemporalCheck {
  ok: boolean;
  commands: string[];
}

/** `POST /admin/v1/keys/rotate` (`{sealed}`: values sealed anew), `GET /admin/v1/temporal/check`. */
export function maintenanceRoutes(
  { store }: Pick<App, 'store'>,
  temporalCheck: () => Promise<TemporalCheck>,
): Router<RequestState> {
  const router = new Router<RequestState>();
  router.post('/admin/v1/keys/rotate', async (ctx) => {
    const sealed = await store.rotateKeys();
    await store.audit.write({ actor: 'operator', action: 'keys.rotate', detail: { sealed } });
    ctx.body = { sealed };
  });
  router.get('/admin/v1/temporal/check', async (ctx) => {
    const { ok, commands } = await temporalCheck();
    ctx.body = { ok, commands };
  });
  return router;
}
