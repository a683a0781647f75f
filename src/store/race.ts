import type { Trx } from './context';
import { isDuplicate, type Db } from './db';

/**
 * Runs `work` in a transaction, and once more when it lost a race to insert the same row: on the second run it finds
 * the winner's row.
 */
export async function txAfterRace<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  try {
    return await db.tx(work);
  } catch (error) {
    if (isDuplicate(error)) return await db.tx(work);
    throw error;
  }
}
