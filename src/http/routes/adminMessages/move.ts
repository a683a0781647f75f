import Router from '@koa/router';
import { z } from 'zod';
import type { App } from '../../../app';
import { moveMessage } from '../../../commands/moveMessage';
import { neededId, OBJECT_MEND } from '../../fields';
import { jsonBody, type JsonState } from '../../middlewares/jsonBody';
import { rawBody, type RawState } from '../../middlewares/rawBody';
import { validate, type InputState } from '../../middlewares/validate';
import type { RequestState } from '../../step';

const moveSchema = z.strictObject({ connectionId: neededId('the number on which it is to go') }, OBJECT_MEND);
type State = RawState & JsonState & InputState<z.infer<typeof moveSchema>>;

const CAP_BYTES = 4 * 1024;

/**
 * `POST /admin/v1/messages/:locationId/:messageKey/move` `{connectionId}`: 200 `{state, moved}`, 404 for an unknown
 * message or a number of another location, 409 where it, or an earlier one to its contact, is being sent or has ended.
 */
export function moveRoutes(app: App): Router<RequestState> {
  const router = new Router<RequestState>();
  router.post<State>(
    '/admin/v1/messages/:locationId/:messageKey/move',
    rawBody(CAP_BYTES),
    jsonBody(),
    validate(moveSchema),
    async (ctx) => {
      const { locationId = '', messageKey = '' } = ctx.params;
      const { connectionId } = ctx.state.input;
      ctx.body = await moveMessage(app, { locationId, messageKey, connectionId, actor: 'operator' });
    },
  );
  return router;
}
