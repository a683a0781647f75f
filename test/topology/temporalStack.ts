import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endWithParent } from '../../src/sandbox/machine/endWithParent';
import { findTemporalCli } from '../../src/sandbox/temporalCli';
import { eventually } from '../support/adminClient';
import { startService, type ServiceProcess } from './childProcess';
import { serviceOf, type ComposeFile } from './composeFile';
import { binFolder, runJob, type JobPlaces } from './composeJob';
import { prepareAccounts } from './mysqlAccounts';
import { databaseEnv, serverPorts } from './temporalEnv';
import { startToolServers, type ToolServers } from './temporalOnMysql';

const NAMESPACE_MS = 90_000;

/** Ports on 127.0.0.1 of MySQL and Temporal, as compose sets them up. */
export interface TemporalStack {
  mysqlPort: number;
  temporalPort: number;
}

/**
 * Sets up MySQL and Temporal by compose's own steps: accounts, schema, the server with compose's environment and dynamic
 * configuration, the namespace. The tool gives the running MySQL and the programs. What must be stopped goes to `onEnd`.
 */
export async function startTemporalStack(
  compose: ComposeFile,
  folder: string,
  onEnd: (end: () => Promise<unknown>) => void,
): Promise<TemporalStack> {
  const { image = '' } = serviceOf(compose, 'temporal');
  const tool = await startToolServers(join(folder, 'tool'), image.split(':')[1] ?? '');
  const callOffGuard = endWithParent(tool.mysqlPid);
  onEnd(tool.stop);
  onEnd(async () => callOffGuard());
  await endTemporalOf(tool);
  const bin = await binFolder(folder, {
    'temporal-sql-tool': tool.binaries.sqlTool,
    'temporal-server': tool.binaries.server,
    temporal: await findTemporalCli(),
  });
  const places: JobPlaces = { bin, schemaDir: tool.schemaDir };
  await setUpDatabases(compose, tool.mysqlPort, places);
  const server = await startServer(compose, tool, bin, folder);
  onEnd(() => server.end('SIGTERM'));
  await setUpNamespace(compose, tool.portBase, places, server);
  return { mysqlPort: tool.mysqlPort, temporalPort: tool.portBase };
}

/** The tool's own server is in the way: ours takes its ports, and its databases are made anew. */
async function endTemporalOf({ temporalPid }: ToolServers): Promise<void> {
  process.kill(temporalPid, 'SIGKILL');
  await eventually(() => {
    if (existsSync(`/proc/${temporalPid}/exe`)) throw new Error("the tool's Temporal does not end");
  });
}

/** The schema's job runs at every `up`, so it runs twice here. */
async function setUpDatabases(compose: ComposeFile, mysqlPort: number, places: JobPlaces): Promise<void> {
  const password = String(serviceOf(compose, 'mysql').environment?.['MYSQL_PASSWORD']);
  await prepareAccounts(mysqlPort, password, compose.configs['temporal-user']!.content);
  const env = databaseEnv(compose, 'temporal-schema', mysqlPort);
  await runJob(compose, 'temporal-schema', env, places);
  await runJob(compose, 'temporal-schema', env, places);
}

/** As the image starts it: `temporal-server start`, configured by its environment. */
async function startServer(
  compose: ComposeFile,
  { mysqlPort, portBase }: ToolServers,
  bin: string,
  folder: string,
): Promise<ServiceProcess> {
  const dynamicConfig = join(folder, 'dynamic.yaml');
  await writeFile(dynamicConfig, compose.configs['temporal-dynamic']!.content);
  const env = {
    ...databaseEnv(compose, 'temporal', mysqlPort),
    ...serverPorts(portBase),
    BIND_ON_IP: '127.0.0.1',
    DYNAMIC_CONFIG_FILE_PATH: dynamicConfig,
  };
  return startService({ words: [join(bin, 'temporal-server'), 'start'], env, cwd: folder });
}

/** Tries again when it fails, as compose does: the server needs a moment. */
async function setUpNamespace(
  compose: ComposeFile,
  port: number,
  places: JobPlaces,
  server: ServiceProcess,
): Promise<void> {
  const env = { TEMPORAL_ADDRESS: `127.0.0.1:${port}` };
  const attempt = async (): Promise<void> => {
    if (!server.ended()) await runJob(compose, 'temporal-namespace', env, places);
  };
  const problem = await eventually(attempt, NAMESPACE_MS).catch(String);
  if (problem !== undefined || server.ended()) throw new Error(`${problem}\n${server.output()}`);
}
