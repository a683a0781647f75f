import { DomainError } from '../domain/errors';
import { freePort, isPortFree } from './machine/freePort';
import { launchDevServer, type DevServerProcess } from './temporal/devProcess';
import { awaitServing, setRetention } from './temporal/ready';

const START_MS = 60_000;
const TRIES = 5;
const SEVEN_DAYS_MS = 7 * 24 * 3_600_000;

export interface DevServerOptions {
  /** A binary from `findTemporalCli`. */
  cliPath: string;
  /** Default: one that is free. To restart a server for its clients, pass the earlier one's port and dbFile. */
  port?: number;
  uiPort?: number;
  /** SQLite file that outlives the server; in memory when absent. */
  dbFile?: string;
  /** Default `default`. */
  namespace?: string;
  /** Told of each line the server prints. */
  onLine?: (line: string) => void;
}

export interface DevServer {
  /** host:port for clients and workers. */
  address: string;
  namespace: string;
  /** The Web UI's address, no slash at its end. */
  uiUrl: string;
  port: number;
  uiPort: number;
  pid: number;
  /** Ends it in order; resolves when its ports are free again. */
  stop(): Promise<void>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
}

/**
 * Starts a Temporal dev server with Web UI on 127.0.0.1 as a child process that does not outlive this one, and waits
 * until it serves, with a namespace that keeps closed workflows for 7 days. Settings of the shell (TEMPORAL_*) and
 * config files of the user do not reach it. Throws DomainError `port_in_use`, or `temporal_not_started` with its log.
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  for (const port of [options.port, options.uiPort]) {
    if (port !== undefined && !(await isPortFree(port))) {
      throw new DomainError('port_in_use', 'later', `Port ${port} of 127.0.0.1 is in use.`);
    }
  }
  for (let tryNo = 1; ; tryNo++) {
    const { process, ...server } = await launch(options);
    try {
      await awaitServing(server.address, process, START_MS);
      await setRetention(server.address, server.namespace, SEVEN_DAYS_MS);
      return { ...server, pid: process.pid, stop: process.stop, kill: process.kill };
    } catch (error) {
      await process.kill();
      const portTaken = process.tail().includes('address already in use');
      if (!portTaken || tryNo === TRIES) throw notStarted(process, error);
    }
  }
}

type Launched = Pick<DevServer, 'address' | 'namespace' | 'uiUrl' | 'port' | 'uiPort'> & { process: DevServerProcess };

async function launch({
  cliPath,
  dbFile,
  namespace = 'default',
  onLine,
  ...wanted
}: DevServerOptions): Promise<Launched> {
  const port = wanted.port ?? (await freePort());
  const uiPort = wanted.uiPort ?? (await freePort());
  const process = launchDevServer({ cliPath, port, uiPort, namespace, dbFile, onLine });
  return { address: `127.0.0.1:${port}`, uiUrl: `http://127.0.0.1:${uiPort}`, namespace, port, uiPort, process };
}

function notStarted(process: DevServerProcess, cause: unknown): DomainError {
  const message = `The Temporal dev server did not start. Its last lines:\n${process.tail()}`;
  return new DomainError('temporal_not_started', 'later', message, { cause });
}
