import Router from '@koa/router';
import type { App } from '../../../app';
import { changeLocation, type LocationPatch } from '../../../commands/changeLocation';
import { jsonBody, type JsonState } from '../../middlewares/jsonBody';
import { rawBody, type RawState } from '../../middlewares/rawBody';
import { validate, type InputState } from '../../middlewares/validate';
import type { RequestState } from '../../step';
import { locationPatchSchema } from './schema';

type State = RawState & JsonState & InputState<LocationPatch>;

const CAP_BYTES = 64 * 1024;

/**
 * `PATCH /admin/v1/locations/:id` (settings, null for the bridge's own): 200 `{settings}`, 404 for a location that
 * nobody knows, 422 for an unknown name or value.
 */
export function locationRoutes(app: Pick<App, 'store' | 'starter'>): Router<RequestState> {
  const router = new Router<RequestState>();
  router.patch<State>(
    '/admin/v1/locations/:id',
    rawBody(CAP_BYTES),
    jsonBody(),
    validate(locationPatchSchema, 422),
    async (ctx) => {
      const locationId = ctx.params['id'] ?? '';
      ctx.body = await changeLocation(app, { locationId, patch: ctx.state.input, actor: 'operator' });
    },
  );
  return router;
}
