import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdminApi } from '../../ops/adminApi';
import { bridgeEnv } from '../../quickstart/stage/bridgeEnv';
import type { Closers } from '../../quickstart/stage/closers';
import { installByOauth } from '../../quickstart/stage/installByOauth';
import { choosePorts } from '../../quickstart/stage/ports';
import { INSTANCE, LOCATION, PROVIDER, publicUrlOf, startStandIns } from '../../quickstart/stage/standIns';
import { withinDeadline } from '../../quickstart/waiting';
import type { DevServer } from '../../sandbox/temporalDevServer';
import { startChild } from '../childProcess';
import type { Target } from './openLoop';

const MAIN = join(__dirname, '../../main.js');
const READY_MS = 60_000;
const ADMIN_TOKEN = 'bench';

/**
 * Starts the bridge in a process of its own, both roles on SQLite, with the settings of production but for the stand-ins
 * around it; installs its app and connects a number. Returns its Delivery URL. `closers` end it.
 */
export async function startRealBridge(
  folder: string,
  temporal: DevServer,
  privateKeyPem: string,
  closers: Closers,
): Promise<Target> {
  const ports = await choosePorts(false);
  const standIns = await startStandIns(ports, closers, privateKeyPem);
  const env = { ...bridgeEnv({ ...standIns, ports, temporal, folder }), ADMIN_TOKEN };
  const bridge = startChild(MAIN, { args: ['all'], cwd: folder, env, logFile: join(folder, 'bridge.log') });
  closers.add(() => bridge.stop());
  const adminUrl = `http://127.0.0.1:${ports.admin}`;
  await untilReady(adminUrl);
  const origin = publicUrlOf(ports);
  await installByOauth(standIns.ghl, origin, LOCATION.id);
  const number = { locationId: LOCATION.id, instanceId: INSTANCE.id, token: standIns.waapify.token };
  await createAdminApi(adminUrl, ADMIN_TOKEN).post('/admin/v1/connections', number);
  return { origin, path: `/ghl/delivery/${PROVIDER.deliverySecret}`, cpuSeconds: () => readCpu(adminUrl) };
}

/** From the bridge's own metrics. */
async function readCpu(adminUrl: string): Promise<number> {
  const answer = await fetch(`${adminUrl}/metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(await answer.text())?.[1]);
}

async function untilReady(adminUrl: string): Promise<void> {
  const never = new AbortController().signal;
  await withinDeadline(READY_MS, never, (until) =>
    until('the bridge to be ready', async () => {
      const answer = await fetch(`${adminUrl}/readyz`).catch(() => null);
      if (answer?.status !== 200) return sleep(100, false);
      return ((await answer.json()) as { degraded: string[] }).degraded.length === 0;
    }),
  );
}
