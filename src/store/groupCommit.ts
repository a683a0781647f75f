import type { Knex } from 'knex';

type Work<T> = (trx: Knex.Transaction) => Promise<T>;

interface Job {
  work: Work<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** So many transactions share a commit at the most: whoever is first in a group waits for the last. */
const MOST = 32;

/**
 * Returns a runner of transactions for a store with one connection: what is asked for while a transaction runs shares
 * the next commit, each in a savepoint of its own. A commit costs a flush of the disk, and with a driver that blocks
 * it costs everybody's time; alone, a transaction runs as ever. Nothing is answered before the commit; one that fails
 * takes back its own writes only.
 */
export function createGroupCommit(knex: Knex): <T>(work: Work<T>) => Promise<T> {
  const waiting: Job[] = [];
  let running = false;

  const pump = async (): Promise<void> => {
    if (running) return;
    running = true;
    while (waiting.length > 0) await runGroup(knex, waiting.splice(0, MOST));
    running = false;
  };

  return <T>(work: Work<T>) =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ work, resolve: resolve, reject });
      void pump();
    });
}

async function runGroup(knex: Knex, jobs: Job[]): Promise<void> {
  const [only, ...others] = jobs;
  if (only === undefined) return;
  if (others.length === 0) return await transact(knex, only.work).then(only.resolve, only.reject);
  const settled: (() => void)[] = [];
  try {
    await transact(knex, async (trx) => {
      for (const job of jobs) settled.push(await runInSavepoint(trx, job));
    });
  } catch (error) {
    for (const job of jobs) job.reject(error);
    return;
  }
  for (const settle of settled) settle();
}

/** SQLite leaves a transaction open whose COMMIT it refuses, and knex does not end it: the next one would be in it. */
async function transact<T>(knex: Knex, work: Work<T>): Promise<T> {
  try {
    return await knex.transaction(work);
  } catch (error) {
    await knex.raw('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Returns how to answer the job once the group is committed. */
async function runInSavepoint(trx: Knex.Transaction, job: Job): Promise<() => void> {
  try {
    const value = await trx.transaction(job.work);
    return () => job.resolve(value);
  } catch (error) {
    return () => job.reject(error);
  }
}
