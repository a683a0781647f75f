import type { MysqlProcess } from '../../../src/sandbox/machine/mysqlProcess';

interface Shared {
  /** Needs that were seen to, by name. */
  ready: Set<string>;
  /** The server to stop at the end; a caller's own (TEST_MYSQL_URL) is not ours to stop. */
  mysql: MysqlProcess | undefined;
}

const KEY = Symbol.for('bridge.test.shared');
const holder = globalThis as { [KEY]?: Shared };

/** What the layers' global setups and the teardown share; global because Jest may load this module more than once. */
export const shared: Shared = (holder[KEY] ??= { ready: new Set(), mysql: undefined });
