import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { startBridge, type Bridge } from '../bridge';
import { loadSettings } from '../config/settings';
import { createLogger, type Logger } from '../observability/logger';
import { createAdminApi, type AdminApi } from '../ops/adminApi';
import type { DevServer } from '../sandbox/temporalDevServer';
import { bridgeEnv } from './stage/bridgeEnv';
import { createClosers, type Closers } from './stage/closers';
import { onFreePorts, type Ports } from './stage/ports';
import { publicUrlOf, startStandIns, type StandIns } from './stage/standIns';
import type { WorkflowLinks } from './workflowLinks';

/** Everything that runs in a quickstart, as its steps see it. */
export interface World extends StandIns, WorkflowLinks {
  bridge: Pick<Bridge, 'readiness'>;
  /** The bridge's operator API. */
  admin: AdminApi;
  publicUrl: string;
  adminUrl: string;
}

/** The pace of a demonstration; everything else is as in production. */
const QUICK = {
  PACE_TEXT_MS: '500-1000',
  PACE_MEDIA_MS: '500-1000',
  PACE_REPLY_MS: '500-1000',
  STATUS_FIRST_DELAY_MS: '200',
  PROBE_INTERVAL_MS: '1000',
  SWEEP_INTERVAL_MS: '5000',
};

/**
 * Starts the stand-ins and the bridge, ingress and worker in this process, with its log in `folder`/bridge.log.
 * `closers` stops them. Throws what starting them throws.
 */
export async function openWorld(folder: string, temporal: DevServer, closers: Closers): Promise<World> {
  const logger = openLog(join(folder, 'bridge.log'), closers);
  return await onFreePorts(async (ports) => {
    const own = createClosers();
    try {
      const world = await open({ folder, temporal, ports, logger, closers: own });
      closers.add(() => own.closeAll());
      return world;
    } catch (error) {
      await own.closeAll();
      throw error;
    }
  });
}

function openLog(path: string, closers: Closers): Logger {
  const file = createWriteStream(path, { flags: 'a' });
  // A log that can not be written any more (its last lines come while everything stops) stops nobody.
  file.on('error', () => undefined);
  closers.add(async () => {
    file.end();
    await once(file, 'close');
  });
  return createLogger({ level: 'info', destination: file });
}

interface Opening {
  folder: string;
  temporal: DevServer;
  ports: Ports;
  logger: Logger;
  closers: Closers;
}

async function open({ folder, temporal, ports, logger, closers }: Opening): Promise<World> {
  const standIns = await startStandIns(ports, closers);
  const env = { ...bridgeEnv({ ...standIns, ports, temporal, folder }), ...QUICK };
  const settings = loadSettings(env, { sandboxDir: folder });
  const bridge = await startBridge(settings, ['ingress', 'worker'], { logger });
  closers.add(() => bridge.stop());
  return {
    ...standIns,
    bridge,
    admin: createAdminApi(bridge.adminUrl, settings.adminToken),
    publicUrl: publicUrlOf(ports),
    adminUrl: bridge.adminUrl,
    hasWorkflow: (workflowId) => hasWorkflow(bridge, workflowId),
    workflowUrl: (workflowId) =>
      `${temporal.uiUrl}/namespaces/${temporal.namespace}/workflows/${encodeURIComponent(workflowId)}`,
  };
}

/** A Temporal that does not answer just now is asked again by whoever waits for the workflow. */
async function hasWorkflow({ temporal }: Bridge, workflowId: string): Promise<boolean> {
  const describing = temporal.within(() => temporal.client.workflow.getHandle(workflowId).describe(), 5_000);
  return describing.then(
    () => true,
    () => false,
  );
}
