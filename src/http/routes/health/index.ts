import Router from '@koa/router';
import type { RequestState } from '../../step';

/** Whether this process can do its work. */
export interface Readiness {
  ready: boolean;
  /** What does not work but holds nothing up here, as `temporal` for an ingress. */
  degraded: string[];
  /** What it can not work without. */
  missing: string[];
}

/** Asked without a bearer by machines; says nothing but what they need. */
export const HEALTH_PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** `GET /healthz`: the process lives. `GET /readyz`: it can work, 503 names what is missing. */
export function healthRoutes(readiness: () => Promise<Readiness>): Router<RequestState> {
  const router = new Router<RequestState>();
  router.get('/healthz', (ctx) => {
    ctx.body = { status: 'ok' };
  });
  router.get('/readyz', async (ctx) => {
    const { ready, degraded, missing } = await readiness();
    ctx.status = ready ? 200 : 503;
    ctx.body = { status: ready ? 'ready' : 'not ready', degraded, missing };
  });
  return router;
}
