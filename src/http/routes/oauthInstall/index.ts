import Router from '@koa/router';
import type { App } from '../../../app';
import { beginInstall } from '../../../commands/beginInstall';
import { setInstallCookie } from '../../installCookie';
import { getOnly } from '../../middlewares/getOnly';
import { installPages } from '../../middlewares/installPages';
import type { RequestState } from '../../step';

/** `GET /oauth/install`: sends the browser to GHL's page, where a person chooses what to install the app in. */
export function oauthInstallRoutes(app: App): Router<RequestState> {
  const router = new Router<RequestState>();
  router.get('/oauth/install', getOnly(), installPages(), async (ctx) => {
    const { url, cookie } = await beginInstall(app);
    setInstallCookie(ctx, app.settings.publicUrl, cookie);
    ctx.redirect(url);
  });
  return router;
}
