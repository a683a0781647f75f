import { describeMysql } from '../support/mysqlServer';
import { openTestStore } from '../support/store';
import type { TestStore, TestStoreOptions } from '../support/storeAt';

/**
 * Declares the same cases for both databases. The store is opened once for all of them, so each case takes a location
 * of its own; `ledger()` returns it inside a case.
 */
export function describeStores(
  name: string,
  cases: (ledger: () => TestStore) => void,
  options: Omit<TestStoreOptions, 'kind'> = {},
): void {
  for (const kind of ['sqlite', 'mysql'] as const) {
    const block = kind === 'mysql' ? describeMysql : describe;
    block(`${name}, on ${kind}`, () => {
      let opened: TestStore;
      beforeAll(async () => {
        opened = await openTestStore({ ...options, kind });
      });
      afterAll(() => opened.close());
      cases(() => opened);
    });
  }
}
