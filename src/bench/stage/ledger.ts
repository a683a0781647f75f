import type { Knex } from 'knex';
import { openDb } from '../../store/db';
import type { ConnectionRow, MessageRow, PartRow } from '../../store/rows';
import type { Closers } from '../../quickstart/stage/closers';

/** Where a message stands, as the ledger has it. */
export interface LedgerEnd {
  messageId: string;
  state: MessageRow['state'];
  open: boolean;
}

/** The ledger seen from beside the bridge's processes. Reads only. */
export interface Ledger {
  /** Outbound messages that are still in a lane. */
  open(): Promise<number>;
  /** Every outbound message of GHL's, by GHL's id. */
  ends(): Promise<LedgerEnd[]>;
  /** When each part of a number was written since then, oldest first (epoch milliseconds by the database's clock). */
  writes(connectionId: string, since: number): Promise<number[]>;
  /** How many parts of all numbers were written since then. */
  written(since: number): Promise<number>;
  /** The number's state, and since when. */
  connection(connectionId: string): Promise<Pick<ConnectionRow, 'state' | 'state_since'>>;
  /** The database's clock. */
  now(): Promise<number>;
}

/** Opens the ledger on a MySQL; `closers` close it. */
export function openLedger(url: string, closers: Closers): Ledger {
  const db = openDb({ kind: 'mysql', url });
  closers.add(() => db.close());
  const { knex } = db;
  return {
    open: async () => countOf(knex('messages').where({ direction: 'outbound', open: 1 })),
    ends: async () => {
      const rows = await knex<MessageRow>('messages')
        .where({ direction: 'outbound' })
        .whereNotNull('ghl_message_id')
        .select('ghl_message_id', 'state', 'open');
      return rows.map((row) => ({ messageId: row.ghl_message_id ?? '', state: row.state, open: row.open === 1 }));
    },
    writes: async (connectionId, since) => {
      const rows = await knex<PartRow>('message_parts')
        .where({ connection_id: connectionId })
        .where('written_at', '>=', since)
        .orderBy('written_at')
        .select('written_at');
      return rows.map((row) => row.written_at ?? 0);
    },
    written: async (since) => countOf(knex('message_parts').where('written_at', '>=', since)),
    connection: async (connectionId) => {
      const row = await knex<ConnectionRow>('connections').where({ id: connectionId }).first('state', 'state_since');
      if (row === undefined) throw new Error('The ledger has no such connection.');
      return row;
    },
    now: () => db.now(),
  };
}

async function countOf(rows: Knex.QueryBuilder): Promise<number> {
  const row = await rows.count<{ n: number | string }[]>({ n: '*' }).first();
  return Number(row?.n ?? 0);
}
