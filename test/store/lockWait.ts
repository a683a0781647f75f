import type { TestStore } from '../support/storeAt';

/** Resolves once a transaction of this MySQL database waits for the lock of another one. */
export async function somebodyWaits({ db }: TestStore): Promise<void> {
  // Not INNODB_TRX: it shows the same for a tenth of a second after each look, so who asks at once again sees no change.
  const question = "SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'";
  for (let asked = 0; asked < 5_000; asked++) {
    const [rows] = (await db.knex.raw(question)) as [{ Value: string }[]];
    if (Number(rows[0]?.Value) > 0) return;
  }
}
