import Router from '@koa/router';
import type { App } from '../../../app';
import { resendMessage } from '../../../commands/resendMessage';
import type { RequestState } from '../../step';
import { refuse } from './refuse';

/**
 * `POST /admin/v1/messages/:locationId/:messageKey/resend`: 202 `{attempt}` for one that has failed or is unknown, 404 for
 * an unknown one, otherwise 409 with the present state and why.
 */
export function resendRoutes(app: App): Router<RequestState> {
  const router = new Router<RequestState>();
  router.post('/admin/v1/messages/:locationId/:messageKey/resend', async (ctx) => {
    const { locationId = '', messageKey = '' } = ctx.params;
    const answer = await resendMessage(app, { locationId, messageKey, actor: 'operator' });
    if (!answer.resent) return refuse(ctx, answer.refusal, answer.state);
    ctx.status = 202;
    ctx.body = { attempt: answer.attempt };
  });
  return router;
}
