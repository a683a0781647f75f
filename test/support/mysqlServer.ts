import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';

/** A database of its own for one test; `url` has the form of DATABASE_URL. */
export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** Whether this run has a MySQL: TEST_MYSQL_URL of the caller, or the server that globalSetup started. */
export const hasMysql = (process.env['TEST_MYSQL_URL'] ?? '') !== '';

/** `describe` for cases that need MySQL; without one they are reported as skipped. */
export const describeMysql = hasMysql ? describe : describe.skip;

/** Creates an empty database on the run's MySQL. Throws when there is none: ask `hasMysql` or use `describeMysql`. */
export async function createDatabase(): Promise<TestDatabase> {
  const server = new URL(process.env['TEST_MYSQL_URL'] ?? '');
  const name = `bridge_test_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await query(server.href, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  return { url: url.href, drop: () => query(server.href, `DROP DATABASE IF EXISTS ${name}`) };
}

async function query(url: string, sql: string): Promise<void> {
  const connection = await createConnection(url);
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
