import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findMysqld, startMysqld } from '../../../src/sandbox/machine/mysqlProcess';
import { findTemporalCli } from '../../../src/sandbox/temporalCli';
import { shared } from './shared';

/** Makes dist/ with the workflow bundle, so that no test bundles for itself. Throws when it does not compile. */
export function needBuild(): Promise<void> {
  return once('build', () => {
    execFileSync(process.execPath, [join(__dirname, '../../../scripts/ensure.mjs'), 'build'], { stdio: 'inherit' });
    return Promise.resolve();
  });
}

/** Finds or fetches the Temporal CLI and names it in TEMPORAL_CLI_PATH for the tests. Throws when there is none. */
export function needTemporalCli(): Promise<void> {
  return once('temporal', async () => {
    process.env['TEMPORAL_CLI_PATH'] = await findTemporalCli({ log: say });
  });
}

/** Has a MySQL for the run in TEST_MYSQL_URL where one is to be had; else says that its cases are skipped. */
export function needMysql(): Promise<void> {
  return once('mysql', async () => {
    if ((process.env['TEST_MYSQL_URL'] ?? '') !== '') return;
    const binary = await findMysqld();
    if (binary === null) {
      say('No MySQL: its cases are SKIPPED. Set TEST_MYSQL_URL or MYSQLD_PATH, or have mysqld or mariadbd on PATH.');
      return;
    }
    shared.mysql = await startMysqld(binary);
    process.env['TEST_MYSQL_URL'] = shared.mysql.url;
  });
}

/** Several layers may need the same. */
async function once(need: string, work: () => Promise<void>): Promise<void> {
  if (shared.ready.has(need)) return;
  shared.ready.add(need);
  await work();
}

function say(line: string): void {
  process.stderr.write(`[test] ${line}\n`);
}
