import Router from '@koa/router';
import type { App } from '../../../app';
import { applyAppEvent, type AppEventPost } from '../../../commands/applyAppEvent';
import { appEventSignature } from '../../middlewares/appEventSignature';
import { jsonBody, type JsonState } from '../../middlewares/jsonBody';
import { rawBody, type RawState } from '../../middlewares/rawBody';
import { validate, type InputState } from '../../middlewares/validate';
import type { RequestState } from '../../step';
import { appEventSchema } from './schema';

type State = RawState & JsonState & InputState<AppEventPost>;

/** An InboundMessage may hold a whole e-mail. */
const CAP_BYTES = 1024 * 1024;

/** `POST /ghl/webhooks`: what GHL tells of the app itself; marked in the store before it is answered. */
export function ghlWebhookRoutes(app: App): Router<RequestState> {
  const router = new Router<RequestState>();
  router.post<State>(
    '/ghl/webhooks',
    rawBody(CAP_BYTES),
    appEventSignature(app),
    jsonBody(),
    validate(appEventSchema),
    async (ctx) => {
      await applyAppEvent(app, ctx.state.input, ctx.state.raw);
      ctx.body = { received: true };
    },
  );
  return router;
}
