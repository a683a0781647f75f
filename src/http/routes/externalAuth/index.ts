import Router from '@koa/router';
import type { App } from '../../../app';
import { authenticateExternally } from '../../../commands/externalAuth';
import type { ExternalAuthFields } from '../../../commands/externalAuthPlan';
import { bridgeKey } from '../../middlewares/bridgeKey';
import { jsonBody, type JsonState } from '../../middlewares/jsonBody';
import { rawBody, type RawState } from '../../middlewares/rawBody';
import { validate, type InputState } from '../../middlewares/validate';
import type { RequestState } from '../../step';
import { plainJson } from './plainJson';
import { externalAuthSchema } from './schema';

type State = RawState & JsonState & InputState<ExternalAuthFields>;

const CAP_BYTES = 256 * 1024;

/**
 * `POST /ghl/external-auth`: GHL asks whether the gateway credentials that a person typed at the install are right. 200
 * lets the install go on, 401, 409 and 422 stop it with a sentence for that person (GHL docs, external authentication).
 */
export function externalAuthRoutes(app: App): Router<RequestState> {
  const router = new Router<RequestState>();
  router.post<State>(
    '/ghl/external-auth',
    bridgeKey(app.settings.endpointSecret),
    rawBody(CAP_BYTES),
    plainJson(),
    jsonBody(),
    validate(externalAuthSchema, 422),
    async (ctx) => {
      ctx.body = await authenticateExternally(app, ctx.state.input);
    },
  );
  return router;
}
