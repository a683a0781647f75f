import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/sandbox/machine/freePort';
import { startBridgeService, type BridgePlaces, type BridgeService } from './bridgeService';
import { readComposeFile } from './composeFile';
import { openFrontDoor, type FrontDoor } from './frontDoor';
import { startStandIns, type StandIns } from './standIns';
import { startTemporalStack, type TemporalStack } from './temporalStack';
import { timed } from './timed';

/** All that `docker compose up --scale ingress=2 --scale worker=2` runs, as processes, and the world around it. */
export interface Topology extends Pick<StandIns, 'ghl' | 'waapify'> {
  stack: TemporalStack;
  frontDoor: FrontDoor;
  ingresses: BridgeService[];
  workers: BridgeService[];
  /** For files that a test keeps; logs and data lie here too. */
  folder: string;
  /** The folder of MEDIA_DIR, in the volume that every role mounts. */
  mediaDir: string;
  stop(): Promise<void>;
}

/** Settings that make the run quick without changing what is tested; the caps are not. */
const QUICK = {
  PACE_TEXT_MS: '100-150',
  PACE_MEDIA_MS: '100-150',
  PACE_REPLY_MS: '100-150',
  STATUS_FIRST_DELAY_MS: '100',
  UNKNOWN_WAIT_MS: '3000',
  WAAPIFY_TIMEOUT_MS: '2000',
  PROBE_INTERVAL_MS: '1000',
  SWEEP_INTERVAL_MS: '1000',
  CAP_HOURLY: '1000',
  CAP_DAILY: '1000',
  CAP_NEW_HOURLY: '0',
  WARMUP_DAILY: '',
};

/** Starts it; `more` is added to `bridge.env`. What was started is stopped again when a later part does not start. */
export async function startTopology(more: Record<string, string> = {}): Promise<Topology> {
  const folder = await mkdtemp(join(tmpdir(), 'bridge-topology-'));
  const endings: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    return { ...(await startAll(folder, more, (end) => endings.push(end))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(
  folder: string,
  more: Record<string, string>,
  onEnd: (end: () => Promise<unknown>) => void,
): Promise<Omit<Topology, 'stop'>> {
  const ports = [await freePort(), await freePort()];
  const frontDoor = await openFrontDoor(ports);
  onEnd(frontDoor.stop);
  const { ghl, waapify, secrets, settings, stop: stopStandIns } = await startStandIns(frontDoor.url);
  onEnd(stopStandIns);
  const compose = readComposeFile({ ...dotEnv(frontDoor.url), ...secrets });
  const stack = await timed('MySQL and Temporal', () => startTemporalStack(compose, folder, onEnd));

  const volumes = join(folder, 'volumes');
  for (const name of Object.keys(compose.volumes)) await mkdir(join(volumes, name), { recursive: true });
  const places: BridgePlaces = {
    loopback: { ports: { 'mysql:3306': stack.mysqlPort, 'temporal:7233': stack.temporalPort }, volumes },
    folder,
    bridgeEnv: { ...settings, ...QUICK, ...more },
  };
  const start = async (role: 'ingress' | 'worker', number: number, port?: number): Promise<BridgeService> => {
    const service = await startBridgeService(compose, role, number, places, port);
    onEnd(() => service.end('SIGKILL'));
    return service;
  };
  const [ingresses, workers] = await timed('two ingresses and two workers', () =>
    Promise.all([
      Promise.all(ports.map((port, index) => start('ingress', index + 1, port))),
      Promise.all([start('worker', 1), start('worker', 2)]),
    ]),
  );
  const mediaDir = workers[0].env['MEDIA_DIR'] ?? '';
  return { ghl, waapify, stack, frontDoor, ingresses, workers, folder, mediaDir };
}

/** What an operator puts into `.env`, but for GHL's. */
function dotEnv(publicUrl: string): Record<string, string> {
  return {
    PUBLIC_URL: publicUrl,
    ADMIN_TOKEN: randomBytes(32).toString('hex'),
    ENDPOINT_SECRET: randomBytes(32).toString('hex'),
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    MYSQL_ROOT_PASSWORD: randomBytes(24).toString('hex'),
    TEMPORAL_DB_PASSWORD: randomBytes(24).toString('hex'),
    BRIDGE_DB_PASSWORD: randomBytes(24).toString('hex'),
  };
}
