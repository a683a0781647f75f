import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../src/sandbox/machine/freePort';
import { runCommand } from '../../src/sandbox/machine/runCommand';
import { adminClient, eventually, type AdminClient } from '../support/adminClient';
import { startService, type ServiceProcess } from './childProcess';
import { imageEntrypoint, serviceOf, type ComposeFile } from './composeFile';
import { onLoopback, type Loopback } from './loopback';

const ROOT = join(__dirname, '../..');
/** A busy machine starts four of them at once. */
const HEALTHY_MS = 120_000;
const HEALTH_CHECK_MS = 10_000;

/** One container of `ingress` or `worker`, as a process. */
export interface BridgeService extends ServiceProcess {
  name: string;
  admin: AdminClient;
  /** What it runs with; `docker compose exec` would run with the same. */
  env: Record<string, string>;
}

export interface BridgePlaces {
  loopback: Loopback;
  folder: string;
  /** What stands in `bridge.env`. */
  bridgeEnv: Record<string, string>;
}

/**
 * Starts a service of compose that is built from our image: its command behind the image's entrypoint, its environment
 * over that of `bridge.env`, a working directory of its own. On one machine it needs a port of its own, so `port` is
 * the public one. Resolves when compose's health check is content.
 */
export async function startBridgeService(
  compose: ComposeFile,
  role: 'ingress' | 'worker',
  number: number,
  { loopback, folder, bridgeEnv }: BridgePlaces,
  port = 0,
): Promise<BridgeService> {
  const service = serviceOf(compose, role);
  const name = `${role}-${number}`;
  const cwd = join(folder, name);
  await mkdir(cwd);
  const own = { HOST: '127.0.0.1', PORT: String(port), ADMIN_PORT: String(await freePort()) };
  const env: Record<string, string> = { ...bridgeEnv, ...onLoopback(service, loopback), ...own };
  const running = startService({
    words: [...imageEntrypoint(), ...(service.command ?? [])].map(inRepository),
    env,
    cwd,
  });
  await untilHealthy(running, service.healthcheck?.test ?? [], env);
  const admin = adminClient(`http://127.0.0.1:${own.ADMIN_PORT}`, env['ADMIN_TOKEN'] ?? '');
  return { ...running, name, admin, env };
}

/** Runs an operator's command beside a service, as `docker compose exec SERVICE node dist/src/ops/main.js ...`. */
export async function runOps({ env }: BridgeService, words: string[]): Promise<unknown> {
  const args = [join(ROOT, 'dist/src/ops/main.js'), '--json', ...words];
  return JSON.parse(await runCommand(process.execPath, args, { env, timeoutMs: HEALTHY_MS })) as unknown;
}

/** The image's working directory is the repository's root. */
function inRepository(word: string): string {
  if (word === 'node') return process.execPath;
  return word.startsWith('dist/') ? join(ROOT, word) : word;
}

/** Ends the process when it does not become healthy; throws with what it wrote last. */
async function untilHealthy(
  running: ServiceProcess,
  [, program = '', ...args]: string[],
  env: Record<string, string>,
): Promise<void> {
  const check = async (): Promise<void> => {
    if (!running.ended()) await runCommand(inRepository(program), args, { env, timeoutMs: HEALTH_CHECK_MS });
  };
  const problem = await eventually(check, HEALTHY_MS).catch(String);
  if (problem === undefined && !running.ended()) return;
  await running.end('SIGKILL');
  throw new Error(`${problem ?? 'it has ended by itself'}:\n${running.output()}`);
}
