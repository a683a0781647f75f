import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdminApi, type AdminApi } from '../../ops/adminApi';
import { withinDeadline } from '../../quickstart/waiting';
import { freePort } from '../../sandbox/machine/freePort';
import { startChild, type Child } from '../childProcess';

const READY_MS = 120_000;
const ADMIN_TOKEN = 'bench';

export type Role = 'all' | 'ingress' | 'worker';

/** A bridge in a process of its own, with the settings of production but for what stands around it. */
export interface BridgeProcess extends Pick<Child, 'stop' | 'kill'> {
  role: Role;
  admin: AdminApi;
  /** Its own metrics, as Prometheus reads them. */
  metrics(): Promise<string>;
}

/** Starts a bridge process and waits until it is ready and misses nothing. Throws with the name of its log. */
export async function startBridgeProcess(
  role: Role,
  options: { folder: string; env: Record<string, string> },
): Promise<BridgeProcess> {
  const port = await freePort();
  const env = { ...options.env, ADMIN_PORT: String(port), ADMIN_TOKEN };
  const logFile = join(options.folder, `${role}.log`);
  const child = startChild(compiledMain(), { args: [role], cwd: options.folder, env, logFile });
  const url = `http://127.0.0.1:${port}`;
  const dead = child.message().then(() => undefined);
  await Promise.race([untilReady(url, role), dead]);
  dead.catch(() => undefined);
  return {
    role,
    admin: createAdminApi(url, ADMIN_TOKEN),
    metrics: async () => {
      const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
      return await answer.text();
    },
    stop: () => child.stop(),
    kill: () => child.kill(),
  };
}

/** Beside this file in the build; under Jest, which runs the sources, in the build's folder. */
function compiledMain(): string {
  const candidates = [join(__dirname, '../../main.js'), join(__dirname, '../../../dist/src/main.js')];
  const main = candidates.find((path) => existsSync(path));
  if (main === undefined) throw new Error('The build is missing: run `npm run build`.');
  return main;
}

async function untilReady(url: string, role: Role): Promise<void> {
  const never = new AbortController().signal;
  await withinDeadline(READY_MS, never, (until) =>
    until(`the ${role} to be ready`, async () => {
      const answer = await fetch(`${url}/readyz`).catch(() => null);
      if (answer?.status !== 200) return sleep(100, false);
      return ((await answer.json()) as { degraded: string[] }).degraded.length === 0 || sleep(100, false);
    }),
  );
}
