import type Koa from 'koa';
import type { App } from '../app';
import type { ApplyLine } from '../commands/applyLine';
import { createListener } from './listener';
import { externalAuthRoutes } from './routes/externalAuth';
import { deliveryRoutes } from './routes/ghlDelivery';
import { ghlWebhookRoutes } from './routes/ghlWebhooks';
import { mediaRoutes } from './routes/media';
import { oauthRoutes } from './routes/oauthCallback';
import { oauthInstallRoutes } from './routes/oauthInstall';
import { sessionRoutes } from './routes/session';
import { gatewayWebhookRoutes } from './routes/waapifyWebhook';
import type { RequestState } from './step';

/** Returns the public listener's application; `line` applies what the gateway posts, behind the answer. */
export function createIngress(app: App, line: ApplyLine): Koa<RequestState> {
  return createListener(
    app,
    [],
    [
      deliveryRoutes(app),
      gatewayWebhookRoutes(app, line),
      mediaRoutes(app),
      oauthInstallRoutes(app),
      oauthRoutes(app),
      ghlWebhookRoutes(app),
      sessionRoutes(app),
      externalAuthRoutes(app),
    ],
  );
}
