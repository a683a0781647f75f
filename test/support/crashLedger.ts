import type { Knex } from 'knex';
import { outboundLaneId } from '../../src/domain/ids';
import { openDb, type DatabaseTarget } from '../../src/store/db';
import type { LaneDbRow, MessageRow, PartRow } from '../../src/store/rows';
import { eventually } from './adminClient';
import type { World } from './world';

const LONG_MS = 3_600_000;

/** The ledger seen from beside the bridge's processes: what is committed, and a hand on its locks. */
export interface CrashLedger {
  message(messageKey: string): Promise<MessageRow>;
  /** The message's first part. */
  part(messageKey: string): Promise<PartRow>;
  lane(connectionId: string): Promise<LaneDbRow>;
  /** Every part that was written, in the order of the writes. */
  writtenParts(connectionId: string): Promise<PartRow[]>;
  /** Probes wake a lane's head too: puts every number's next one off, so that only the sweeper can. */
  putOffProbes(): Promise<void>;
  /** Keeps a lane locked: no claim, outcome or accept gets past. Returns what gives it free again. MySQL only. */
  lockLane(connectionId: string): Promise<() => Promise<void>>;
  /** Resolves once somebody stands before the lane's lock, which the caller holds. MySQL only. */
  untilSomebodyWaitsFor(connectionId: string): Promise<void>;
  /** Returns whether nobody holds the lane's lock. MySQL only. */
  laneIsFree(connectionId: string): Promise<boolean>;
}

/** Opens the ledger of a MySQL world; it is closed before the world's database is dropped. */
export async function openLedger(world: World): Promise<CrashLedger> {
  const { DATABASE_URL: url } = await world.env();
  const { ledger, close } = over({ kind: 'mysql', url: url! });
  world.temporal.onEnd(close);
  return ledger;
}

/** Runs `look` on the SQLite ledger of a world while no bridge has it open. Throws `store_in_use` otherwise. */
export async function inSqliteLedger<T>(world: World, look: (ledger: CrashLedger) => Promise<T>): Promise<T> {
  const { DATABASE_URL: url } = await world.env();
  const { ledger, close } = over({ kind: 'sqlite', path: url!.replace('sqlite:', '') });
  try {
    return await look(ledger);
  } finally {
    await close();
  }
}

function over(target: DatabaseTarget): { ledger: CrashLedger; close: () => Promise<void> } {
  const { knex, close } = openDb(target);
  const locks = new Set<Knex.Transaction>();
  const laneOf = (connectionId: string): Knex.QueryBuilder<LaneDbRow, LaneDbRow[]> =>
    knex<LaneDbRow>('lanes').where({ id: outboundLaneId(connectionId) });
  const message = async (messageKey: string): Promise<MessageRow> =>
    (await knex<MessageRow>('messages').where({ message_key: messageKey }).first())!;

  const ledger: CrashLedger = {
    message,
    part: async (messageKey) => {
      const { id } = await message(messageKey);
      return (await knex<PartRow>('message_parts').where({ message_id: id }).orderBy('n').first())!;
    },
    lane: async (connectionId) => (await laneOf(connectionId))[0]!,
    writtenParts: (connectionId) =>
      knex<PartRow>('message_parts')
        .where({ connection_id: connectionId })
        .whereNotNull('written_at')
        .orderBy('written_at'),
    putOffProbes: async () => {
      await knex('connections').update({ probe_due_at: Date.now() + LONG_MS });
    },
    lockLane: async (connectionId) => {
      const trx = await knex.transaction();
      locks.add(trx);
      await laneOf(connectionId).transacting(trx).forUpdate();
      return async () => {
        locks.delete(trx);
        await trx.rollback();
      };
    },
    untilSomebodyWaitsFor: (connectionId) =>
      eventually(async () => {
        const statements = await statementsInHand(knex);
        const waits = statements.some((sql) => sql.includes(outboundLaneId(connectionId)) && /for update/i.test(sql));
        if (!waits) throw new Error('nobody waits for the lane');
      }),
    laneIsFree: async (connectionId) =>
      await laneOf(connectionId)
        .forUpdate()
        .noWait()
        .then(
          () => true,
          () => false,
        ),
  };
  return {
    ledger,
    close: async () => {
      await Promise.all([...locks].map((trx) => trx.rollback()));
      await close();
    },
  };
}

/** The statements that the server is at. Not InnoDB's own table of waits: who looks often sees an old copy of it. */
async function statementsInHand(knex: Knex): Promise<string[]> {
  const [rows] = (await knex.raw('SELECT info FROM information_schema.processlist WHERE info IS NOT NULL')) as [
    { info?: string; INFO?: string }[],
  ];
  return rows.map(({ info, INFO }) => info ?? INFO ?? '');
}
