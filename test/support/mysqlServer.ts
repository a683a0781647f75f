import { createMysqlDatabase, type MysqlDatabase } from '../../src/sandbox/machine/mysqlDatabase';

/** A database of its own for one test. */
export type TestDatabase = MysqlDatabase;

/** Whether this run has a MySQL: TEST_MYSQL_URL of the caller, or the server that globalSetup started. */
export const hasMysql = (process.env['TEST_MYSQL_URL'] ?? '') !== '';

/** `describe` for cases that need MySQL; without one they are reported as skipped. */
export const describeMysql = hasMysql ? describe : describe.skip;

/** Creates an empty database on the run's MySQL. Throws when there is none: ask `hasMysql` or use `describeMysql`. */
export async function createDatabase(): Promise<TestDatabase> {
  return await createMysqlDatabase(process.env['TEST_MYSQL_URL'] ?? '', 'bridge_test');
}
