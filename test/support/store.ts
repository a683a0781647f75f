import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from './mysqlServer';
import { openStoreAt, type TestStore, type TestStoreOptions } from './storeAt';

/** Opens a store of its own: SQLite in a temporary folder, or a fresh MySQL database. Closing it removes both. */
export async function openTestStore(options: TestStoreOptions): Promise<TestStore> {
  const place = await makePlace(options.kind);
  try {
    const opened = await openStoreAt(place.target, options);
    const close = async (): Promise<void> => {
      await opened.close();
      await place.remove();
    };
    return { ...opened, close };
  } catch (error) {
    await place.remove();
    throw error;
  }
}

async function makePlace(kind: TestStore['kind']): Promise<{ target: string; remove(): Promise<void> }> {
  if (kind === 'mysql') {
    const database = await createDatabase();
    return { target: database.url, remove: database.drop };
  }
  const folder = await mkdtemp(join(tmpdir(), 'bridge-store-'));
  return { target: join(folder, 'bridge.sqlite'), remove: () => rm(folder, { recursive: true, force: true }) };
}
