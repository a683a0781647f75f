import type Koa from 'koa';
import type { App } from '../app';
import { createListener } from './listener';
import { adminHost } from './middlewares/adminHost';
import { bearer } from './middlewares/bearer';
import { connectionRoutes } from './routes/adminConnections';
import { dataRoutes } from './routes/adminData';
import { installationRoutes } from './routes/adminInstallations';
import { locationRoutes } from './routes/adminLocations';
import { maintenanceRoutes, type TemporalCheck } from './routes/adminMaintenance';
import { messageRoutes } from './routes/adminMessages';
import { moveRoutes } from './routes/adminMessages/move';
import { resendRoutes } from './routes/adminMessages/resend';
import { outageRoutes } from './routes/adminOutages';
import { HEALTH_PATHS, healthRoutes, type Readiness } from './routes/health';
import { metricsRoutes } from './routes/metrics';
import { tokenRoutes } from './routes/adminTokens';
import type { RequestState } from './step';

/** What the admin listener asks of the rest of the process. */
export interface AdminProbes {
  readiness(): Promise<Readiness>;
  temporalCheck(): Promise<TemporalCheck>;
}

/** Returns the admin listener's application: health for everybody who reaches it, the rest for the bearer. */
export function createAdmin(app: App, probes: AdminProbes): Koa<RequestState> {
  const { adminHost: host, adminToken } = app.settings;
  const guards = [adminHost(host), bearer(adminToken, HEALTH_PATHS)];
  return createListener(app, guards, [
    healthRoutes(() => probes.readiness()),
    metricsRoutes(app),
    installationRoutes(app),
    connectionRoutes(app),
    locationRoutes(app),
    messageRoutes(app),
    moveRoutes(app),
    resendRoutes(app),
    outageRoutes(app),
    tokenRoutes(app),
    dataRoutes(app),
    maintenanceRoutes(app, () => probes.temporalCheck()),
  ]);
}
