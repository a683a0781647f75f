import Router from '@koa/router';
import type { App } from '../../../app';
import { cancelMessage } from '../../../commands/cancelMessage';
import { conflict, notFound } from '../../../domain/errors';
import { presentMessage } from '../../presenters/message';
import type { RequestState } from '../../step';
import { refuse } from './refuse';

const MESSAGE = '/admin/v1/messages/:locationId/:messageKey';

/** `GET /admin/v1/messages/:locationId/:messageKey`, and `POST .../cancel`: 200, or 409 with the present state. */
export function messageRoutes(app: App): Router<RequestState> {
  const router = new Router<RequestState>();
  router.get(MESSAGE, async (ctx) => {
    const found = await app.store.messages.findByKey(...nameOf(ctx.params));
    if (found === null) throw notFound('message');
    ctx.body = presentMessage(found);
  });
  router.post(`${MESSAGE}/cancel`, async (ctx) => {
    const [scope, messageKey] = nameOf(ctx.params);
    const { cancelled, state } = await cancelMessage(app, { ...scope, messageKey, actor: 'operator' });
    if (cancelled) {
      ctx.body = { state };
      return;
    }
    const refusal = conflict('not_cancellable', 'The message has been sent, is being sent or has ended: it stays so.');
    refuse(ctx, refusal, state);
  });
  return router;
}

function nameOf(params: Record<string, string>): [{ locationId: string }, string] {
  return [{ locationId: params['locationId'] ?? '' }, params['messageKey'] ?? ''];
}
