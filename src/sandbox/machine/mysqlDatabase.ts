import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';

/** A database of its own on a MySQL server; `url` has the form of DATABASE_URL. */
export interface MysqlDatabase {
  url: string;
  drop(): Promise<void>;
}

/** Creates an empty database; `server` is the address of an account that may. Throws what the server says. */
export async function createMysqlDatabase(server: string, prefix: string): Promise<MysqlDatabase> {
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await query(server, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  return { url: url.href, drop: () => query(server, `DROP DATABASE IF EXISTS ${name}`) };
}

async function query(url: string, sql: string): Promise<void> {
  const connection = await createConnection(url);
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
