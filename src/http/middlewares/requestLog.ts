import type { App } from '../../app';
import { randomId } from '../../crypto/secrets';
import type { ListenerStep, RequestState } from '../step';

/** Asked every few seconds by machines: logged only where they fail. */
const QUIET_ROUTES = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * Names the request (`X-Request-Id`), counts it and writes one line for it. Of the address only the route's pattern
 * is written: a path may hold a secret, a mistyped one also in a place where no rule expects it.
 */
export function requestLog({ logger, metrics }: Pick<App, 'logger' | 'metrics'>): ListenerStep {
  return async (ctx, next) => {
    const startedAt = performance.now();
    ctx.state.requestId = randomId('req');
    ctx.set('X-Request-Id', ctx.state.requestId);
    await next();
    const endedAt = performance.now();
    const { method, status, state } = ctx;
    const route = routeOf(ctx);
    metrics.httpRequests.inc({ route, status });
    if (state.bodyReadAt !== undefined) metrics.ackDuration.observe({ route }, (endedAt - state.bodyReadAt) / 1000);
    const line = { requestId: state.requestId, method, route, status, ms: Math.round(endedAt - startedAt) };
    if (isOurTrouble(status, state.refusal))
      logger.error({ ...line, code: state.refusal?.code, err: state.refusal }, 'request');
    else logger[QUIET_ROUTES.has(route) ? 'debug' : 'info']({ ...line, code: state.refusal?.code }, 'request');
  };
}

function routeOf(ctx: object): string {
  const { _matchedRoute: route } = ctx as { _matchedRoute?: string | RegExp };
  return typeof route === 'string' ? route : 'none';
}

/** GHL is told 429 where nothing could be stored (it posts again then), but the trouble is ours. */
function isOurTrouble(status: number, refusal: RequestState['refusal']): boolean {
  return refusal !== undefined && (status >= 500 || refusal.code === 'not_stored');
}
