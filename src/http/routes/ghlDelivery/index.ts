import Router from '@koa/router';
import type { App } from '../../../app';
import { acceptDelivery } from '../../../commands/acceptDelivery';
import type { DeliveryPost } from '../../../commands/planDelivery';
import { deliverySecret, type ProviderState } from '../../middlewares/deliverySecret';
import { ghlSignature } from '../../middlewares/ghlSignature';
import { jsonBody, type JsonState } from '../../middlewares/jsonBody';
import { rawBody, type RawState } from '../../middlewares/rawBody';
import { validate, type InputState } from '../../middlewares/validate';
import type { RequestState } from '../../step';
import { deliverySchema } from './schema';

type State = ProviderState & RawState & JsonState & InputState<DeliveryPost>;

const CAP_BYTES = 256 * 1024;

/** `POST /ghl/delivery/:secret`: GHL hands over a message to send; cheap defences first, then the durable accept. */
export function deliveryRoutes(app: App): Router<RequestState> {
  const router = new Router<RequestState>();
  router.post<State>(
    '/ghl/delivery/:secret',
    deliverySecret(app.settings.ghlProviders),
    rawBody(CAP_BYTES),
    ghlSignature(app),
    jsonBody(),
    validate(deliverySchema),
    async (ctx) => {
      await acceptDelivery(app, { provider: ctx.state.provider, body: ctx.state.input });
      ctx.body = { accepted: true };
    },
  );
  return router;
}
