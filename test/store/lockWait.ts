import type { TestStore } from '../support/storeAt';

/** Resolves once a transaction of this MySQL database waits for the lock of another one. */
export async function somebodyWaits({ db }: TestStore): Promise<void> {
  const question = "SELECT COUNT(*) AS n FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'";
  for (let asked = 0; asked < 5_000; asked++) {
    const [rows] = (await db.knex.raw(question)) as [{ n: number | string }[]];
    if (Number(rows[0]?.n) > 0) return;
  }
}
