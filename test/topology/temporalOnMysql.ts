import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../src/sandbox/machine/runCommand';
import { freePortRange } from './freePorts';

/**
 * The tool that runs the real Temporal server on a real MySQL without containers. It takes its first call to build the
 * server, so it has time.
 */
const TOOL = process.env['TEMPORAL_ON_MYSQL'] ?? join(__dirname, '../../../shared/tools/temporal-on-mysql');
/** The Go on PATH. */
const GO = 'go';
const UP_MS = 20 * 60_000;
const DOWN_MS = 60_000;

/** Returns why there is no such Temporal on this machine, or null when there is. */
export function missingTool(): string | null {
  if (!existsSync(TOOL)) return 'there is no tool temporal-on-mysql (TEMPORAL_ON_MYSQL names it)';
  if (spawnSync(GO, ['version']).status !== 0) return 'Go is needed to build the Temporal server';
  return null;
}

/** A MySQL with a Temporal server on it, as the tool made them. */
export interface ToolServers {
  /** The first of 20 ports that are ours. */
  portBase: number;
  mysqlPort: number;
  mysqlPid: number;
  temporalPid: number;
  /** Temporal's server and its schema tool, of the version asked for. */
  binaries: { server: string; sqlTool: string };
  /** Temporal's schema files, as the folder `schema` of that version. */
  schemaDir: string;
  stop(): Promise<void>;
}

/** Starts both with their data in `folder`; `version` is the server's, as `1.30.1`. Throws with the tool's last words. */
export async function startToolServers(folder: string, version: string): Promise<ToolServers> {
  const portBase = await freePortRange(20);
  const env = { ...process.env, TEMPORAL_SERVER_VERSION: `v${version}`, PORT_BASE: String(portBase) };
  const printed = await runCommand(TOOL, ['up', folder], { env, timeoutMs: UP_MS });
  const [, mysqlPort] = /^DATABASE_URL=.*:(\d+)\/bridge$/m.exec(printed) ?? [];
  const temporalPid = pidIn(folder, 'temporal.pid');
  const server = readlinkSync(`/proc/${temporalPid}/exe`);
  const download = ['mod', 'download', '-json', `go.temporal.io/server@v${version}`];
  const [, source = ''] = /"Dir": "(.*)"/.exec(await runCommand(GO, download, { env, timeoutMs: UP_MS })) ?? [];
  return {
    portBase,
    mysqlPort: Number(mysqlPort),
    mysqlPid: pidIn(folder, 'mysqld.pid.up'),
    temporalPid,
    binaries: { server, sqlTool: join(server, '../sql') },
    schemaDir: join(source, 'schema'),
    stop: async () => {
      await runCommand(TOOL, ['down', folder], { env, timeoutMs: DOWN_MS });
    },
  };
}

function pidIn(folder: string, file: string): number {
  return Number(readFileSync(join(folder, file), 'utf8'));
}
