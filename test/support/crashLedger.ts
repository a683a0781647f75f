import type { Knex } from 'knex';
import { outboundLaneId } from '../../src/domain/ids';
import { openDb, type DatabaseTarget } from '../../src/store/db';
import type { LaneDbRow, MessageRow, PartRow } from '../../src/store/rows';
import { eventually } from './adminClient';
import type { World } from './world';

/** The ledger seen from beside the bridge's processes: what is committed, and a hand on its locks (MySQL). */
export interface CrashLedger {
  part(messageKey: string): Promise<PartRow>;
  message(messageKey: string): Promise<MessageRow>;
  lane(connectionId: string): Promise<LaneDbRow>;
  /** Every part that was written, in the order of the writes. */
  writtenParts(connectionId: string): Promise<PartRow[]>;
  /** Keeps a lane locked: no claim, outcome or accept gets past. Returns what gives it free again. */
  lockLane(connectionId: string): Promise<() => Promise<void>>;
  /** Resolves once some transaction stands before that lane's lock. */
  untilSomebodyWaitsFor(connectionId: string): Promise<void>;
  /** Returns how many transactions are open on the server besides this look. */
  openTransactions(): Promise<number>;
}

/** Opens the ledger of a MySQL world; it is closed before the world's database is dropped. */
export async function openLedger(world: World): Promise<CrashLedger> {
  const { DATABASE_URL: url } = await world.env();
  return over({ kind: 'mysql', url: url! }, (close) => world.temporal.onEnd(close));
}

/** Runs `look` on the SQLite ledger of a world while no bridge has it open. Throws `store_in_use` otherwise. */
export async function inSqliteLedger<T>(world: World, look: (ledger: CrashLedger) => Promise<T>): Promise<T> {
  const { DATABASE_URL: url } = await world.env();
  let close: () => Promise<void> = () => Promise.resolve();
  const ledger = over({ kind: 'sqlite', path: url!.replace('sqlite:', '') }, (closer) => (close = closer));
  try {
    return await look(ledger);
  } finally {
    await close();
  }
}

function over(target: DatabaseTarget, onOpen: (close: () => Promise<void>) => void): CrashLedger {
  const db = openDb(target, { poolSize: 10 });
  const held = new Set<Knex.Transaction>();
  onOpen(async () => {
    await Promise.all([...held].map((trx) => trx.rollback()));
    await db.close();
  });
  const { knex } = db;
  const message = async (messageKey: string): Promise<MessageRow> =>
    (await knex<MessageRow>('messages').where({ message_key: messageKey }).first())!;
  return {
    message,
    part: async (messageKey) => {
      const { id } = await message(messageKey);
      return (await knex<PartRow>('message_parts').where({ message_id: id }).first())!;
    },
    lane: async (connectionId) =>
      (await knex<LaneDbRow>('lanes')
        .where({ id: outboundLaneId(connectionId) })
        .first())!,
    writtenParts: (connectionId) =>
      knex<PartRow>('message_parts')
        .where({ connection_id: connectionId })
        .whereNotNull('written_at')
        .orderBy('written_at'),
    lockLane: async (connectionId) => {
      const trx = await knex.transaction();
      held.add(trx);
      await trx('lanes')
        .where({ id: outboundLaneId(connectionId) })
        .forUpdate()
        .first();
      return async () => {
        held.delete(trx);
        await trx.rollback();
      };
    },
    untilSomebodyWaitsFor: (connectionId) =>
      eventually(async () => {
        const waiting = await transactions(knex, "trx_state = 'LOCK WAIT'");
        if (!waiting.some((query) => query?.includes(outboundLaneId(connectionId))))
          throw new Error(`nobody waits for the lane: ${JSON.stringify(waiting)}`);
      }),
    openTransactions: async () => (await transactions(knex, '1 = 1')).length,
  };
}

/** The statements in hand of InnoDB's open transactions on this database's server; null between two statements. */
async function transactions(knex: Knex, where: string): Promise<(string | null)[]> {
  const [rows] = (await knex.raw(`SELECT trx_query AS q FROM information_schema.innodb_trx WHERE ${where}`)) as [
    { q: string | null }[],
  ];
  return rows.map(({ q }) => q);
}
