import { join } from 'node:path';
import type { Closers } from '../../quickstart/stage/closers';
import { createMysqlDatabase } from '../../sandbox/machine/mysqlDatabase';
import { findMysqld, startMysqld } from '../../sandbox/machine/mysqlProcess';
import { runCommand } from '../../sandbox/machine/runCommand';
import { findTemporalCli } from '../../sandbox/temporalCli';
import { startDevServer, type DevServer } from '../../sandbox/temporalDevServer';

/** A Temporal and an empty MySQL database for the bridge. */
export interface Servers {
  temporal: Pick<DevServer, 'address' | 'namespace'>;
  databaseUrl: string;
  /** The address of a MySQL account that may create databases. */
  mysqlUrl: string;
  /** What they are, for the report. */
  words: string;
}

/** The tool may have to build the server first. */
const TOOL_MS = 20 * 60_000;

/**
 * Starts both: a real Temporal server on MySQL with the tool that TEMPORAL_ON_MYSQL names (`TOOL up DIR`), else a dev
 * server in memory beside a MySQL. `closers` end them. Throws where there is no MySQL.
 */
export async function startServers(
  folder: string,
  say: (line: string) => void,
  closers: Closers,
  tool = process.env['TEMPORAL_ON_MYSQL'],
): Promise<Servers> {
  return tool === undefined || tool === ''
    ? await startDevServers(say, closers)
    : await startRealServers(tool, join(folder, 'servers'), closers);
}

async function startDevServers(say: (line: string) => void, closers: Closers): Promise<Servers> {
  const { databaseUrl, mysqlUrl } = await startMysql(closers);
  const { temporal } = await startDurableTemporal(null, say, closers);
  return { temporal, databaseUrl, mysqlUrl, words: 'Temporal dev server in memory, MySQL of its own' };
}

async function startRealServers(tool: string, folder: string, closers: Closers): Promise<Servers> {
  closers.add(() => runCommand(tool, ['down', folder], { env: process.env, timeoutMs: TOOL_MS }));
  const printed = await runCommand(tool, ['up', folder], { env: process.env, timeoutMs: TOOL_MS });
  const valueOf = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(printed)?.[1] ?? '';
  const databaseUrl = valueOf('DATABASE_URL');
  const temporal = { address: valueOf('TEMPORAL_ADDRESS'), namespace: valueOf('TEMPORAL_NAMESPACE') };
  return {
    temporal,
    databaseUrl,
    mysqlUrl: databaseUrl,
    words: 'Temporal server on MySQL, the bridge on the same one',
  };
}

/**
 * Returns an empty database: on the server that BENCH_MYSQL_URL names (an account that may create databases), else on
 * one of its own, from MYSQLD_PATH or PATH. `closers` remove it. Throws where there is none.
 */
export async function startMysql(closers: Closers): Promise<{ databaseUrl: string; mysqlUrl: string }> {
  const given = process.env['BENCH_MYSQL_URL'] ?? '';
  const mysqlUrl = given === '' ? await startOwnMysql(closers) : given;
  const { url, drop } = await createMysqlDatabase(mysqlUrl, 'bridge_bench');
  closers.add(drop);
  return { databaseUrl: url, mysqlUrl };
}

async function startOwnMysql(closers: Closers): Promise<string> {
  const binary = await findMysqld();
  if (binary === null) throw new Error('No MySQL: set BENCH_MYSQL_URL or MYSQLD_PATH, or have mysqld on PATH.');
  const mysql = await startMysqld(binary);
  closers.add(() => mysql.stop());
  return mysql.url;
}

/** A Temporal that can be killed and comes back with what it had acknowledged. */
export interface DurableTemporal {
  temporal: DevServer;
  /** kill -9 now; resolves with what starts it again at the same address. */
  kill(): Promise<() => Promise<void>>;
}

/** Starts a dev server that keeps its data in `dbFile` (null: in memory). `closers` end it. */
export async function startDurableTemporal(
  dbFile: string | null,
  say: (line: string) => void,
  closers: Closers,
): Promise<DurableTemporal> {
  const cliPath = await findTemporalCli({ log: say });
  const data = dbFile === null ? {} : { dbFile };
  let running = await startDevServer({ cliPath, ...data });
  closers.add(() => running.stop());
  const { port, uiPort } = running;
  return {
    temporal: running,
    kill: async () => {
      await running.kill();
      return async () => {
        running = await startDevServer({ cliPath, ...data, port, uiPort });
      };
    },
  };
}
