import Router from '@koa/router';
import type { App } from '../../../app';
import { changeConnection, type SettingsPatch } from '../../../commands/changeConnection';
import { connectNumber } from '../../../commands/connectNumber';
import { askConnection } from '../../../commands/askConnection';
import { findConnection } from '../../../commands/findConnection';
import { pauseNumber, resumeNumber } from '../../../commands/pauseNumber';
import { rotateWebhook } from '../../../commands/rotateWebhook';
import { showQr } from '../../../commands/showQr';
import { jsonBody, type JsonState } from '../../middlewares/jsonBody';
import { rawBody, type RawState } from '../../middlewares/rawBody';
import { validate, type InputState } from '../../middlewares/validate';
import { presentConnection, presentQr, presentReconnect } from '../../presenters/connection';
import type { RequestState } from '../../step';
import { connectSchema, settingsPatchSchema, type ConnectBody } from './schema';

type ConnectState = RawState & JsonState & InputState<ConnectBody>;
type PatchState = RawState & JsonState & InputState<SettingsPatch>;

const CAP_BYTES = 64 * 1024;

/**
 * `GET /admin/v1/connections`, `POST` the same (connects a number: 201, or 200 where it was connected before),
 * `PATCH .../:id` (settings, null for the bridge's own: 200 `{settings}`, 422 for an unknown name or value),
 * `GET .../:id/qr` (`{connected, png?, expiresAt?}`, the PNG in base64), `POST .../:id/reconnect` (the gateway is asked at
 * once: 200 `{gateway, state, since, reason?, next?, waiting}`), `POST .../:id/pause` and `.../resume`, `POST .../:id/webhook/rotate` (a new secret in the gateway's
 * address: 200 `{connectionId, webhook, next}`; the secret itself is never shown).
 */
export function connectionRoutes(app: App): Router<RequestState> {
  const router = new Router<RequestState>();
  router.get('/admin/v1/connections', async (ctx) => {
    ctx.body = { connections: (await app.store.connections.list()).map(presentConnection) };
  });
  router.post<ConnectState>(
    '/admin/v1/connections',
    rawBody(CAP_BYTES),
    jsonBody(),
    validate(connectSchema),
    async (ctx) => {
      const connected = await connectNumber(app, { ...ctx.state.input, actor: 'operator' });
      ctx.status = connected.created ? 201 : 200;
      ctx.body = connected;
    },
  );
  router.patch<PatchState>(
    '/admin/v1/connections/:id',
    rawBody(CAP_BYTES),
    jsonBody(),
    validate(settingsPatchSchema, 422),
    async (ctx) => {
      const patch = { connectionId: ctx.params['id'] ?? '', patch: ctx.state.input, actor: 'operator' };
      ctx.body = await changeConnection(app, patch);
    },
  );
  router.get('/admin/v1/connections/:id/qr', async (ctx) => {
    ctx.body = presentQr(await showQr(app, ctx.params['id'] ?? ''));
  });
  router.post('/admin/v1/connections/:id/reconnect', async (ctx) => {
    const connection = await findConnection(app, ctx.params['id'] ?? '');
    ctx.body = presentReconnect(await askConnection(app, connection, 'reconnect'));
  });
  router.post('/admin/v1/connections/:id/pause', async (ctx) => {
    const since = await pauseNumber(app, { connectionId: ctx.params['id'] ?? '', actor: 'operator' });
    ctx.body = { paused: true, since: new Date(since).toISOString() };
  });
  router.post('/admin/v1/connections/:id/resume', async (ctx) => {
    await resumeNumber(app, { connectionId: ctx.params['id'] ?? '', actor: 'operator' });
    ctx.body = { paused: false };
  });
  router.post('/admin/v1/connections/:id/webhook/rotate', async (ctx) => {
    const rotated = await rotateWebhook(app, { connectionId: ctx.params['id'] ?? '', actor: 'operator' });
    ctx.body = rotated;
  });
  return router;
}
