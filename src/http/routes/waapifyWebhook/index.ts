import Router from '@koa/router';
import type { App } from '../../../app';
import type { ApplyLine } from '../../../commands/applyLine';
import { gatewaySecret, type ConnectionOfSecret } from '../../middlewares/gatewaySecret';
import { rawBody, type RawState } from '../../middlewares/rawBody';
import type { RequestState } from '../../step';

type State = ConnectionOfSecret & RawState;

const CAP_BYTES = 1024 * 1024;

/**
 * `POST /waapify/webhooks/:secret`: the gateway tells what happened on a number. It tells once, without a retry, so
 * that whatever it says is kept as it came before the answer, and read behind it.
 */
export function gatewayWebhookRoutes(app: App, line: ApplyLine): Router<RequestState> {
  const router = new Router<RequestState>();
  router.post<State>('/waapify/webhooks/:secret', gatewaySecret(app), rawBody(CAP_BYTES), async (ctx) => {
    const { connection, raw } = ctx.state;
    const scope = { locationId: connection.location_id };
    const id = await app.store.posts.store(scope, connection.id, raw);
    line.push({ id, ...scope, connectionId: connection.id, raw });
    ctx.body = { ok: true };
  });
  return router;
}
