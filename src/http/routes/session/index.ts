import Router from '@koa/router';
import { z } from 'zod';
import type { App } from '../../../app';
import { openSession } from '../../../commands/openSession';
import type { Session } from '../../../store/sessions';
import { OBJECT_MEND } from '../../fields';
import { attemptCap } from '../../middlewares/attemptCap';
import { jsonBody, type JsonState } from '../../middlewares/jsonBody';
import { rawBody, type RawState } from '../../middlewares/rawBody';
import { sameOrigin } from '../../middlewares/sameOrigin';
import { session, type SessionState } from '../../middlewares/session';
import { validate, type InputState } from '../../middlewares/validate';
import type { RequestState } from '../../step';

const exchangeSchema = z.object(
  { payload: z.string({ error: "is required: GHL's user context, a text" }) },
  OBJECT_MEND,
);

type ExchangeState = RawState & JsonState & InputState<z.infer<typeof exchangeSchema>>;

const CAP_BYTES = 64 * 1024;
/** Far more pages than open in a minute, far fewer than a forger needs (src/crypto/userContext.ts). */
const PER_MINUTE = 300;

/**
 * `POST /api/v1/session`: the page inside GHL exchanges its user context, `{payload}`, for `{token, expiresAt, location,
 * role}`. `GET` the same: what the bearer's session is. The token stands in no cookie and no address.
 */
export function sessionRoutes(app: App): Router<RequestState> {
  const router = new Router<RequestState>();
  const ownPage = sameOrigin(app.settings.publicUrl);
  router.post<ExchangeState>(
    '/api/v1/session',
    ownPage,
    attemptCap(PER_MINUTE),
    rawBody(CAP_BYTES),
    jsonBody(),
    validate(exchangeSchema),
    async (ctx) => {
      const { token, ...opened } = await openSession(app, ctx.state.input);
      ctx.body = { token, ...presentSession(opened) };
    },
  );
  router.get<SessionState>('/api/v1/session', ownPage, session(app, 'user'), (ctx) => {
    ctx.body = presentSession(ctx.state.session);
  });
  return router;
}

/** As the page sees it; `location` is GHL's id, the time is ISO 8601. */
function presentSession({ expiresAt, locationId, role }: Session): object {
  return { expiresAt: new Date(expiresAt).toISOString(), location: locationId, role };
}
