/** The parts of two untyped modules that libsqlClient.ts uses. */
declare module 'libsql' {
  class Database {
    constructor(filename: string, options?: { timeout?: number });
    exec(sql: string): void;
    prepare(sql: string): { get(...bindings: unknown[]): unknown; run(...bindings: unknown[]): unknown };
    close(): void;
  }
  export = Database;
}

declare module 'libsql/promise' {
  import type Libsql from 'libsql';
  class Database {
    exec(this: Libsql, sql: string): Promise<void>;
  }
  export = Database;
}

declare module 'knex/lib/dialects/better-sqlite3/index.js' {
  import type Database from 'libsql';
  class BetterSqliteClient {
    constructor(config: unknown);
    _driver(): unknown;
    acquireRawConnection(): Promise<Database>;
    _query(connection: Database, query: { sql: string }): Promise<unknown>;
    transaction(container: unknown, config: unknown, outerTransaction: unknown): unknown;
  }
  export = BetterSqliteClient;
}

declare module 'knex/lib/dialects/sqlite3/execution/sqlite-transaction.js' {
  class SqliteTransaction {
    constructor(client: unknown, container: unknown, config: unknown, outerTransaction: unknown);
    begin(connection: unknown): unknown;
    query(connection: unknown, sql: string): unknown;
  }
  export = SqliteTransaction;
}
