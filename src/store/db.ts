import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { knex as createKnex, type Knex } from 'knex';
import { LibsqlClient } from './dialects/libsqlClient';
import { createGroupCommit } from './groupCommit';
import { lockSqlite } from './sqliteLock';

export type DatabaseTarget = { kind: 'sqlite'; path: string } | { kind: 'mysql'; url: string };

export interface Db {
  kind: 'sqlite' | 'mysql';
  knex: Knex;
  /** The database's clock, epoch milliseconds; inside a transaction pass it, so that no second connection is needed. */
  now(trx?: Knex.Transaction): Promise<number>;
  /**
   * Runs `work` in one transaction (READ COMMITTED, or BEGIN IMMEDIATE). A deadlock or lock-wait timeout reruns the
   * whole of it, at most 5 times; so `work` touches nothing but the store.
   */
  tx<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DbOptions {
  /** Told of each rerun, for the metric. */
  onRerun?: () => void;
  /** Tests move the clock; production reads the database's. */
  now?: () => number;
  /** MySQL connections of this process. */
  poolSize?: number;
}

const RERUNS = 5;
const MYSQL_RERUN = new Set(['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT']);

/** Opens the database; SQLite takes its process lock first. Throws DomainError `store_in_use`, or the driver's error. */
export function openDb(target: DatabaseTarget, options: DbOptions = {}): Db {
  const { knex, release } =
    target.kind === 'sqlite' ? openSqlite(target.path) : openMysql(target.url, options.poolSize);
  const now = async (trx?: Knex.Transaction): Promise<number> => {
    if (options.now !== undefined) return options.now();
    return target.kind === 'sqlite' ? Date.now() : mysqlNow(trx ?? knex);
  };
  const transact =
    target.kind === 'sqlite'
      ? createGroupCommit(knex)
      : <T>(work: (trx: Knex.Transaction) => Promise<T>) => knex.transaction(work);
  const tx = async <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> => {
    for (let rerun = 0; ; rerun++) {
      try {
        return await transact(work);
      } catch (error) {
        if (rerun >= RERUNS || !isLockTrouble(error)) throw error;
        options.onRerun?.();
      }
    }
  };
  const close = async (): Promise<void> => {
    await knex.destroy();
    release();
  };
  return { kind: target.kind, knex, now, tx, close };
}

function openSqlite(path: string): { knex: Knex; release: () => void } {
  mkdirSync(dirname(path), { recursive: true });
  const release = lockSqlite(path);
  const client = LibsqlClient as unknown as typeof Knex.Client;
  return {
    knex: createKnex({ client, connection: { filename: path }, useNullAsDefault: true, pool: { min: 1, max: 1 } }),
    release,
  };
}

function openMysql(url: string, poolSize = 20): { knex: Knex; release: () => void } {
  const pool = { min: 0, max: poolSize, afterCreate: prepareMysql };
  return { knex: createKnex({ client: 'mysql2', connection: url, pool }), release: () => undefined };
}

type Done = (error: Error | null, connection: unknown) => void;
interface MysqlConnection {
  query(sql: string, done: (error: Error | null) => void): void;
}

const ISOLATION = 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED';
/** In a time zone with daylight saving the clock below would go back by an hour once a year. */
const UTC = "SET SESSION time_zone = '+00:00'";

function prepareMysql(connection: MysqlConnection, done: Done): void {
  connection.query(ISOLATION, (error) => {
    if (error !== null) done(error, connection);
    else connection.query(UTC, (failed) => done(failed, connection));
  });
}

/** SYSDATE, not NOW: inside a transaction it must tell the time after the lock was got. */
async function mysqlNow(runner: Knex | Knex.Transaction): Promise<number> {
  const [rows] = (await runner.raw('SELECT CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS UNSIGNED) AS now')) as [
    { now: number }[],
  ];
  return Number(rows[0]?.now);
}

function isLockTrouble(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && (MYSQL_RERUN.has(code) || code.startsWith('SQLITE_BUSY'));
}

/** Returns whether an error is the breach of a unique key, in either database. */
export function isDuplicate(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    code === 'ER_DUP_ENTRY' ||
    String(code).startsWith('SQLITE_CONSTRAINT') ||
    /UNIQUE constraint failed/.test(String(message))
  );
}
