import BetterSqliteClient from 'knex/lib/dialects/better-sqlite3/index.js';
import SqliteTransaction from 'knex/lib/dialects/sqlite3/execution/sqlite-transaction.js';
import Libsql from 'libsql';
import PromisedLibsql from 'libsql/promise';

const COMMIT = /^\s*commit\b/i;
/** Both faces of the driver hold the same native handle; only this call of the asynchronous one is needed. */
const execOffThread = PromisedLibsql.prototype.exec;

/** BEGIN IMMEDIATE always: a deferred transaction that reads first can fail when it comes to write. */
class ImmediateTransaction extends SqliteTransaction {
  override begin(connection: unknown): unknown {
    return this.query(connection, 'BEGIN IMMEDIATE;');
  }
}

/**
 * knex's better-sqlite3 dialect on the `libsql` driver: the same API, its binaries come inside npm packages (no install
 * script, no compiler). WAL with synchronous=FULL: what was answered with 200 is on the disk.
 */
export class LibsqlClient extends BetterSqliteClient {
  override _driver(): unknown {
    return Libsql;
  }

  override async acquireRawConnection(): Promise<Libsql> {
    const connection = await super.acquireRawConnection();
    for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'busy_timeout = 5000']) {
      connection.exec(`PRAGMA ${pragma}`);
    }
    return withStatementCache(connection);
  }

  /**
   * A commit waits for the disk, and now and then copies the log back into the file: on a thread of its own, so that
   * the process goes on reading and answering meanwhile.
   */
  override async _query(connection: Libsql, query: { sql: string }): Promise<unknown> {
    if (!COMMIT.test(query.sql)) return await super._query(connection, query);
    await execOffThread.call(connection, query.sql);
    return { ...query, response: [] };
  }

  override transaction(container: unknown, config: unknown, outerTransaction: unknown): unknown {
    return new ImmediateTransaction(this, container, config ?? undefined, outerTransaction);
  }
}

/** An accept takes about ten statements; making them anew each time costs more than running them. */
const CACHED = 300;
const CACHEABLE = /^\s*(select|insert|update|delete|begin|commit)\b/i;

/** Keeps prepared statements for their next use. SQLite itself prepares one anew when the schema has changed since. */
function withStatementCache(connection: Libsql): Libsql {
  const prepare = connection.prepare.bind(connection);
  const cache = new Map<string, ReturnType<typeof prepare>>();
  connection.prepare = (sql) => {
    const known = cache.get(sql);
    if (known !== undefined) return known;
    const statement = prepare(sql);
    if (CACHEABLE.test(sql) && cache.size < CACHED) cache.set(sql, statement);
    return statement;
  };
  return connection;
}
