import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { endWithParent } from './endWithParent';
import { freePort } from './freePort';

const execute = promisify(execFile);
const START_MS = 60_000;
/** The host 127.0.0.1 is named too, because MariaDB's anonymous local account would win over '%'. One statement a line. */
const USER_SQL = ['%', '127.0.0.1']
  .flatMap((host) => [
    `CREATE USER 'bridge'@'${host}' IDENTIFIED BY 'bridge';`,
    `GRANT ALL ON *.* TO 'bridge'@'${host}' WITH GRANT OPTION;`,
  ])
  .join('\n');

/** A private MySQL or MariaDB; `url` is an account that may create databases. */
export interface MysqlProcess {
  url: string;
  stop(): Promise<void>;
}

/** Returns a server binary that runs: MYSQLD_PATH, then `mysqld` or `mariadbd` on PATH; null when there is none. */
export async function findMysqld(env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  for (const binary of [env['MYSQLD_PATH'], 'mysqld', 'mariadbd']) {
    if (binary === undefined || binary === '') continue;
    const runs = await execute(binary, ['--version'], { env }).then(
      () => true,
      () => false,
    );
    if (runs) return binary;
  }
  return null;
}

/** Starts `binary` with an empty data folder of its own on a free port of 127.0.0.1. Throws with the server's log. */
export async function startMysqld(binary: string): Promise<MysqlProcess> {
  const dir = await mkdtemp(join(tmpdir(), 'bridge-mysql-'));
  try {
    const before = await initialise(binary, dir);
    await writeFile(join(dir, 'users.sql'), USER_SQL);
    const port = await freePort();
    const server = launch(binary, [...before, ...serverOptions(dir, port)]);
    const callOff = endWithParent(server.pid ?? 0, dir);
    const stop = async (): Promise<void> => {
      callOff();
      await kill(server);
      await rm(dir, { recursive: true, force: true });
    };
    const url = `mysql://bridge:bridge@127.0.0.1:${port}/mysql`;
    if (await answers(url, server)) return { url, stop };
    const log = await readFile(join(dir, 'error.log'), 'utf8').catch(() => '');
    await stop();
    throw new Error(`${binary} did not start:\n${log.slice(-2000)}`);
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Makes the data folder. Returns the arguments that must come first from now on: `--no-defaults`, so that no settings
 * of the machine reach us, unless the binary is a wrapper that says so already and MySQL refuses the second one.
 */
async function initialise(binary: string, dir: string): Promise<string[]> {
  const user = `--user=${userInfo().username}`;
  const data = `--datadir=${join(dir, 'data')}`;
  const { stdout } = await execute(binary, ['--version']);
  if (stdout.includes('MariaDB')) {
    const env = {
      ...process.env,
      PATH: [process.env['PATH'], dirname(binary), join(dirname(binary), '../bin')].join(delimiter),
    };
    await execute('mariadb-install-db', ['--no-defaults', '--auth-root-authentication-method=normal', data, user], {
      env,
    });
    return ['--no-defaults'];
  }
  const made = execute(binary, ['--no-defaults', '--initialize-insecure', data, user]).then(() => ['--no-defaults']);
  return made.catch(async () => {
    await rm(join(dir, 'data'), { recursive: true, force: true });
    await execute(binary, ['--initialize-insecure', data, user]);
    return [];
  });
}

/** Small and quick to start; what decides behaviour (isolation, SQL mode) stays the server's default. */
function serverOptions(dir: string, port: number): string[] {
  return [
    `--datadir=${join(dir, 'data')}`,
    `--socket=${join(dir, 's.sock')}`,
    `--pid-file=${join(dir, 'pid')}`,
    `--log-error=${join(dir, 'error.log')}`,
    `--init-file=${join(dir, 'users.sql')}`,
    `--user=${userInfo().username}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--max-connections=300',
    '--performance-schema=OFF',
    '--loose-mysqlx=OFF',
    '--loose-skip-log-bin',
    '--innodb-flush-log-at-trx-commit=2',
  ];
}

function launch(binary: string, args: string[]): ChildProcess {
  const server = spawn(binary, args, { stdio: 'ignore', detached: true });
  server.unref();
  return server;
}

/** Waits until the server takes our account; false once it has ended or the time is over. */
async function answers(url: string, server: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + START_MS;
  while (server.exitCode === null && Date.now() < deadline) {
    try {
      await (await createConnection(url)).end();
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return false;
}

/** The data folder goes too, so there is nothing to shut down in order. */
async function kill(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.ref();
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  await ended;
}
