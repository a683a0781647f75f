import { hasWritten, isWaitedFor, recentOf } from '../../src/store/messages/classFacts';
import type { Trx } from '../../src/store/context';
import type { MessageRow } from '../../src/store/rows';
import type { TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { fresh, openLine, type Line } from './line';

describeStores('what a class is found out by', (ledger) => {
  /** Returns how the database goes about a question, in its own words. */
  const planOf = async (ask: (trx: Trx, like: MessageRow) => Promise<unknown>): Promise<string> => {
    const line = await openLine(ledger());
    const like = await line.message(await line.accept({ userId: 'user-1' }));
    await fill(ledger(), line, like);
    return await ledger().db.tx(async (trx) => {
      const asked: { sql: string; bindings: string[] }[] = [];
      trx.on('query', (query: (typeof asked)[number]) => asked.push(query));
      await ask(trx, like);
      const explain = ledger().kind === 'mysql' ? 'EXPLAIN FORMAT=TRADITIONAL' : 'EXPLAIN QUERY PLAN';
      const [sql, bindings] = [`${explain} ${asked[0]!.sql}`, asked[0]!.bindings];
      const rows = (await trx.raw(sql, bindings)) as unknown[];
      return JSON.stringify(ledger().kind === 'mysql' ? rows[0] : rows);
    });
  };

  it('is one look-up by the person for its last word', async () => {
    const plan = await planOf((trx, like) => hasWritten(trx, like, ledger().clock.now));
    expect(plan).toContain('messages_last_word_index');
  });

  it('is one look-up by the person for what waits for it', async () => {
    const plan = await planOf((trx, { location_id, address_key }) =>
      isWaitedFor(trx, { location_id, address_key: address_key! }),
    );
    expect(plan).toContain('messages_waited_for_index');
  });

  it('is a short range for what a sender sent around a moment', async () => {
    const plan = await planOf((trx, like) => recentOf(trx, like));
    expect(plan).toContain('messages_location_id_sender_classed_at_index');
    expect(plan).toContain('messages_sender_text_index');
  });
});

/** Gives a database that counts rows before it chooses something to count. */
async function fill({ db, kind, clock }: TestStore, { scope }: Line, like: MessageRow): Promise<void> {
  const rows = Array.from({ length: 400 }, (_, n): MessageRow => {
    const id = fresh('filling');
    const names = { id, source_key: id, message_key: id, ghl_message_id: null, workflow_id: id };
    const sender = `person:user-${n % 20}`;
    const at = clock.now - n * 5_000;
    return { ...like, ...names, sender, classed_at: at, address_key: `key-${n % 50}`, content_key: `text-${n % 40}` };
  });
  await db.knex.batchInsert('messages', rows, 10);
  expect(scope.locationId).toBe(like.location_id);
  if (kind === 'mysql') await db.knex.raw('ANALYZE TABLE messages');
}
