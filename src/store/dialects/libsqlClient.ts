import BetterSqliteClient from 'knex/lib/dialects/better-sqlite3/index.js';
import SqliteTransaction from 'knex/lib/dialects/sqlite3/execution/sqlite-transaction.js';
import Libsql from 'libsql';

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
    return connection;
  }

  override transaction(container: unknown, config: unknown, outerTransaction: unknown): unknown {
    return new ImmediateTransaction(this, container, config ?? undefined, outerTransaction);
  }
}
