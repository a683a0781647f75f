import type { TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { fresh, openLine, type Line } from './line';

const ROWS = 400;

interface Asked {
  sql: string;
  bindings: unknown[];
}

/** Returns the questions about a table that something asks of the database. */
async function asked({ db }: TestStore, table: string, work: () => Promise<unknown>): Promise<Asked[]> {
  const questions: Asked[] = [];
  const note = (one: Asked) => questions.push(one);
  db.knex.on('query', note);
  await work();
  db.knex.removeListener('query', note);
  return questions.filter(({ sql }) => sql.startsWith('select') && sql.includes(`\`${table}\``));
}

/** Returns the index by which the database answers a question about one table; null: it reads all rows. */
async function indexOf({ db }: TestStore, { sql, bindings }: Asked): Promise<string | null> {
  if (db.kind === 'sqlite') {
    const plan = await db.knex.raw<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${sql}`, bindings as string[]);
    return /^SEARCH .* USING (?:COVERING )?INDEX (\w+)/.exec(plan[0]!.detail)?.[1] ?? null;
  }
  const [[step]] = (await db.knex.raw(`EXPLAIN FORMAT=TRADITIONAL ${sql}`, bindings as string[])) as [
    { key: string | null }[],
  ];
  return step!.key;
}

/** Copies rows, each under names of its own, so that an index is worth its while. */
async function fill({ db }: TestStore, table: string, names: readonly string[], where: object): Promise<void> {
  const row = (await db.knex(table).where(where).first()) as Record<string, unknown>;
  const copies = Array.from({ length: ROWS }, () => ({
    ...row,
    ...Object.fromEntries(names.map((name) => [name, fresh(name)])),
  }));
  for (let from = 0; from < ROWS; from += 50) await db.knex(table).insert(copies.slice(from, from + 50));
}

describeStores('what is asked of a location with many messages', (ledger) => {
  let line: Line;
  beforeAll(async () => {
    line = await openLine(ledger());
    const message = await line.accept();
    await line.send(message);
    const others = { address_key: 'somebody-else', state: 'delivered' };
    await fill(ledger(), 'messages', ['id', 'source_key', 'message_key', 'ghl_message_id'], { id: message.messageId });
    const parts = { message_id: message.messageId };
    await fill(ledger(), 'message_parts', ['id', 'message_id', 'gateway_id'], parts);
    const { knex } = ledger().db;
    await knex('messages').whereNot({ id: message.messageId }).update({ address_key: others.address_key });
    await knex('message_parts').whereNot(parts).update({ state: others.state });
    // MySQL counts by itself after a while; SQLite is never told how many there are.
    if (ledger().db.kind === 'mysql') await knex.raw('ANALYZE TABLE messages, message_parts');
  });

  it.each([['of one number'], ['of all of them']])(
    'sends without a receipt are found by an index, %s',
    async (which) => {
      const connectionId = which === 'of one number' ? line.connectionId : null;
      ledger().clock.advance(3_600_000);
      const count = () => ledger().store.outages.countUnreceipted(line.scope, connectionId);
      expect(await count()).toBe(1);
      const [question] = await asked(ledger(), 'message_parts', count);
      expect(await indexOf(ledger(), question!)).toBe('message_parts_connection_id_state_written_at_index');
    },
  );

  it('the contact of whoever opts out is found by an index', async () => {
    await line.arrives({ text: 'STOP' });
    const questions = await asked(ledger(), 'messages', () => ledger().store.optOuts.takeDue(1));
    const question = questions.find(({ sql }) => sql.includes('`address_key`'));
    // They begin with the location and the address; which one is taken is the database's choice.
    const fit = ['messages_location_id_address_key_id_index', 'messages_last_word_index', 'messages_waited_for_index'];
    expect(fit).toContain(await indexOf(ledger(), question!));
  });
});
