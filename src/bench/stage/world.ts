import { join } from 'node:path';
import { bridgeEnv } from '../../quickstart/stage/bridgeEnv';
import type { Closers } from '../../quickstart/stage/closers';
import { choosePorts } from '../../quickstart/stage/ports';
import { publicUrlOf, startStandIns, type StandIns } from '../../quickstart/stage/standIns';
import type { DevServer } from '../../sandbox/temporalDevServer';
import { startBridgeProcess, type BridgeProcess, type Role } from './bridgeProcess';

/** The stand-ins, and bridge processes among them that come and go. */
export interface BenchWorld extends StandIns {
  /** Where GHL and the gateway reach the bridge. */
  origin: string;
  /** Starts a process of a role; it ends with the world at the latest. */
  start(role: Role): Promise<BridgeProcess>;
  closers: Closers;
  /** The environment of a bridge process, but for its admin listener. */
  env: Record<string, string>;
}

export interface WorldOptions {
  folder: string;
  temporal: Pick<DevServer, 'address' | 'namespace'>;
  databaseUrl: string;
  /** Settings of the bridge on top of what the stand-ins need. */
  settings: Record<string, string>;
  closers: Closers;
}

/** Opens a world without a bridge process; `closers` end it. GHL's limit is left out: it is not what is measured. */
export async function openWorld(options: WorldOptions): Promise<BenchWorld> {
  const { folder, temporal, databaseUrl, settings, closers } = options;
  const ports = await choosePorts(false);
  const standIns = await startStandIns(ports, closers);
  standIns.waapify.configure({ fetchMedia: false });
  standIns.ghl.configure({ rateLimit: { enforce: false } });
  const env = {
    ...bridgeEnv({ ...standIns, ports, temporal, folder }),
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEYS: `bench:${Buffer.alloc(32, 'bench').toString('base64')}`,
    MEDIA_DIR: join(folder, 'media'),
    LOG_LEVEL: 'warn',
    ...settings,
  };
  return {
    ...standIns,
    origin: publicUrlOf(ports),
    closers,
    env,
    start: async (role) => {
      const bridge = await startBridgeProcess(role, { folder, env });
      closers.add(() => bridge.kill());
      return bridge;
    },
  };
}
