import { createApplyLine } from './commands/applyLine';
import { compose, type ComposeOptions } from './compose';
import type { Settings } from './config/settings';
import { DomainError } from './domain/errors';
import { createAdmin } from './http/admin';
import { createIngress } from './http/ingress';
import { listen, type HttpServer } from './http/server';
import { startIngressBeat } from './loops/ingressBeat';
import { startMediaTidy } from './loops/mediaTidy';
import { readinessOf, type Readiness } from './roles/readiness';
import { startWorkerRole } from './roles/worker';
import { missingAttributes, registrationCommands } from './temporal/registerAttributes';
import type { App } from './app';
import type { TemporalClient } from './temporal/client';

export type Role = 'ingress' | 'worker';

export interface Bridge {
  app: App;
  temporal: TemporalClient;
  /** Null without the role `ingress`. */
  ingressUrl: string | null;
  adminUrl: string;
  readiness(): Promise<Readiness>;
  /**
   * Stops in order: no new requests, then the loops and workers (what is in hand ends), then what is queued behind
   * answers, then Temporal and the store.
   */
  stop(): Promise<void>;
}

/** Answers of the ingress that are queued behind their 200 get so long at the end. */
const DRAIN_MS = 2_000;

/**
 * Starts the bridge in some roles, all in this process. Throws DomainError `sqlite_one_process` for a single role on
 * SQLite, `store_in_use`, or what a listener throws.
 */
export async function startBridge(
  settings: Settings,
  roles: readonly Role[],
  options: ComposeOptions = {},
): Promise<Bridge> {
  refuseSplitSqlite(settings, roles);
  const composed = await compose(settings, options);
  const { app, temporal } = composed;
  const line = createApplyLine(app);
  const worker = roles.includes('worker') ? startWorkerRole(composed) : null;
  const tidier = startMediaTidy(app);
  const readiness = (): Promise<Readiness> => readinessOf(app, roles.includes('ingress'), worker);
  const opened: HttpServer[] = [];
  const open = async (koa: Parameters<typeof listen>[0], host: string, port: number): Promise<HttpServer> => {
    const listener = await listen(koa, { host, port });
    opened.push(listener);
    return listener;
  };
  const openAll = async (): Promise<{ admin: HttpServer; ingress: HttpServer | null }> => {
    const admin = createAdmin(app, { readiness, temporalCheck: () => checkTemporal(temporal, settings) });
    return {
      admin: await open(admin, settings.adminHost, settings.adminPort),
      ingress: roles.includes('ingress') ? await open(createIngress(app, line), settings.host, settings.port) : null,
    };
  };
  const { admin, ingress } = await openAll().catch(async (error: unknown) => {
    // A listener that is left open would keep the process alive, and its port taken.
    for (const listener of opened) await listener.close();
    await worker?.stop();
    await tidier.stop();
    await composed.close();
    throw error;
  });
  const beats = ingress === null ? null : startIngressBeat(app);
  app.logger.info({ roles, port: ingress?.port, adminPort: admin.port }, 'The bridge runs');
  return {
    app,
    temporal,
    ingressUrl: ingress === null ? null : local(ingress),
    adminUrl: local(admin),
    readiness,
    stop: async () => {
      await beats?.stop();
      await ingress?.close();
      await line.drain();
      await worker?.stop();
      await tidier.stop();
      await app.starter.close(DRAIN_MS);
      await admin.close();
      await composed.close();
      app.logger.info('The bridge has stopped');
    },
  };
}

/** Both listeners answer on the loopback interface or on all. */
function local({ port }: HttpServer): string {
  return `http://127.0.0.1:${port}`;
}

function refuseSplitSqlite(settings: Settings, roles: readonly Role[]): void {
  if (settings.databaseUrl.kind !== 'sqlite' || roles.length !== 1) return;
  throw new DomainError(
    'sqlite_one_process',
    'never',
    'SQLite serves one process, and a single role means several: set DATABASE_URL to a MySQL address, or run `npm start`.',
  );
}

/** Returns what is missing in Temporal and the commands that mend it. Throws `temporal_unavailable`. */
async function checkTemporal(
  temporal: TemporalClient,
  { temporal: { namespace } }: Settings,
): Promise<{ ok: boolean; commands: string[] }> {
  try {
    const missing = await temporal.within(() => missingAttributes(temporal.connection, namespace), 5_000);
    return { ok: missing.length === 0, commands: registrationCommands(missing, namespace) };
  } catch (cause) {
    throw new DomainError('temporal_unavailable', 'later', 'Temporal does not answer.', { status: 503, cause });
  }
}
