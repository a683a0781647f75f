import { Runtime, type NativeConnection, type Worker } from '@temporalio/worker';
import { accessTokenOf, renewRefusedToken } from '../../activities/accessToken';
import type { ActivityDeps } from '../../activities/deps';
import { createTokenProofs } from '../../activities/tokenProofs';
import { applyWebhookPost } from '../commands/applyWebhookPost';
import type { GhlTokens } from '../commands/tellPeople';
import type { Composed } from '../compose';
import { startAlerter } from '../loops/alerter';
import { startContactMerger } from '../loops/contactMerger';
import { startJanitor } from '../loops/janitor';
import { startOptOutTeller } from '../loops/optOutTeller';
import { startOutageReconciler } from '../loops/outageReconciler';
import { startOwnPhone } from '../loops/ownPhone';
import { startProber } from '../loops/prober';
import { startSweeper } from '../loops/sweeper';
import { startTokenWatch } from '../loops/tokenWatch';
import type { Logger } from '../observability/logger';
import { connectWorker } from '../temporal/client';
import { registerAttributes } from '../temporal/registerAttributes';
import { ensureReconcileSchedule } from '../temporal/reconcileSchedule';
import { describeRun, standingOfRun } from '../temporal/runs';
import { createWorkers } from './workers';

export interface WorkerRole {
  /** True while every worker polls. */
  polling(): boolean;
  /** Search attributes that the server lacks and does not let us register; null: not known yet. */
  missingAttributes(): string[] | null;
  /** Refuses new claims, lets what is in hand end, stops the loops and the workers. */
  stop(): Promise<void>;
}

const RECONNECT_MS = 1_000;
/** Said at once and then about once a minute. */
const SAY_EVERY = 60;

/** Starts the worker's role: loops at once, workers as soon as Temporal answers, however long that takes. */
export function startWorkerRole({ app, temporal }: Composed): WorkerRole {
  const draining = new AbortController();
  const deps: ActivityDeps = {
    app,
    draining: draining.signal,
    proofs: createTokenProofs(),
    standingOfRun: (workflowId, runId) => standingOfRun(temporal, workflowId, runId),
  };
  const sweeper = startSweeper({
    app,
    describeRun: (workflowId) => describeRun(temporal, workflowId),
    applyPost: (post) => applyWebhookPost(app, post),
  });
  const prober = startProber(app);
  const janitor = startJanitor(app);
  const tokenWatch = startTokenWatch(app);
  const tokens: GhlTokens = {
    accessOf: (locationId) => accessTokenOf(deps, locationId, 'low'),
    renewRefused: (locationId, version) => renewRefusedToken(deps, locationId, version),
  };
  const alerter = startAlerter({ app, tokens });
  const optOuts = startOptOutTeller({ app, tokens });
  const contactMerger = startContactMerger({ app, tokens });
  const ownPhone = startOwnPhone(app);
  const outages = startOutageReconciler({ app, tokens });
  const { settings, logger } = app;
  let workers: Worker[] = [];
  let missing: string[] | null = null;
  installRuntime(logger);

  const run = async (): Promise<void> => {
    const connection = await connectUntilDone(() => connectWorker(settings.temporal), draining.signal, logger);
    if (connection === null) return;
    missing = await registerAttributes(temporal.connection, settings.temporal.namespace);
    if (missing.length > 0)
      logger.error({ missing }, 'Temporal lacks search attributes; see `npm run ops -- temporal:check`');
    await ensureReconcileSchedule(temporal, logger);
    workers = await createWorkers(connection, settings.temporal.namespace, deps);
    try {
      if (!draining.signal.aborted) await Promise.all(workers.map((worker) => worker.run()));
    } finally {
      await connection.close();
    }
  };
  const ended = run().catch((error: unknown) => logger.error({ err: error }, 'The workers ended'));

  return {
    polling: () => workers.length > 0 && workers.every((worker) => worker.getState() === 'RUNNING'),
    missingAttributes: () => missing,
    stop: async () => {
      draining.abort();
      const loops = [sweeper, prober, janitor, alerter, tokenWatch, optOuts, outages, contactMerger, ownPhone];
      await Promise.all(loops.map((loop) => loop.stop()));
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}

async function connectUntilDone(
  connect: () => Promise<NativeConnection>,
  stopped: AbortSignal,
  logger: Logger,
): Promise<NativeConnection | null> {
  for (let tries = 0; !stopped.aborted; tries++) {
    try {
      return await connect();
    } catch (error) {
      if (tries % SAY_EVERY === 0)
        logger.warn({ err: error, tries }, 'Temporal does not answer; the workers wait for it');
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
    }
  }
  return null;
}

let installed = false;

/** Temporal's core logs through ours, once per process. Signals are main's business, not the runtime's. */
function installRuntime(logger: Logger): void {
  if (installed) return;
  installed = true;
  const write = (level: string, message: string): void => logger[levelOf(level)]({ from: 'temporal' }, message);
  Runtime.install({
    shutdownSignals: [],
    logger: {
      log: write,
      trace: (message) => write('TRACE', message),
      debug: (message) => write('DEBUG', message),
      info: (message) => write('INFO', message),
      warn: (message) => write('WARN', message),
      error: (message) => write('ERROR', message),
    },
  });
}

function levelOf(level: string): 'trace' | 'debug' | 'warn' | 'error' {
  switch (level) {
    case 'TRACE':
      return 'trace';
    case 'WARN':
      return 'warn';
    case 'ERROR':
      return 'error';
    default:
      return 'debug';
  }
}
