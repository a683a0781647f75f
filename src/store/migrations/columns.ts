import type { Knex } from 'knex';

type Table = Knex.CreateTableBuilder;
function isMysql(knex: Knex): boolean {
  return (knex.client as { config: { client: unknown } }).config.client === 'mysql2';
}

/** Ids are compared byte by byte: MySQL's default collation would take `Ab` and `aB` for one. */
export async function table(knex: Knex, name: string, columns: (t: Table) => void): Promise<void> {
  await knex.schema.createTable(name, (t) => {
    if (isMysql(knex)) t.collate('utf8mb4_bin');
    columns(t);
  });
}

/** An id of ours or of somebody else's. */
export const id = (t: Table, name: string): Knex.ColumnBuilder => t.string(name, 191);
/** A lane's id holds another id, so it is longer than one. */
export const laneId = (t: Table, name: string): Knex.ColumnBuilder => t.string(name, 255);
/** Epoch milliseconds. */
export const time = (t: Table, name: string): Knex.ColumnBuilder => t.bigInteger(name);
/** 0 or 1. */
export const flag = (t: Table, name: string): Knex.ColumnBuilder => t.specificType(name, 'smallint').notNullable();
