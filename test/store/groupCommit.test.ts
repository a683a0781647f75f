import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDb, type Db } from '../../src/store/db';

let folder = '';
let db: Db;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bridge-group-'));
  db = openDb({ kind: 'sqlite', path: join(folder, 'group.sqlite') });
  await db.knex.schema.createTable('notes', (t) => t.string('text').unique());
});

afterEach(async () => {
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

const write = (text: string): Promise<string> =>
  db.tx(async (trx) => {
    await trx('notes').insert({ text });
    return text;
  });
const texts = async (): Promise<string[]> =>
  (await db.knex('notes').orderBy('text').select<{ text: string }[]>()).map((row) => row.text);

test('transactions asked for at once share commits and keep their answers apart', async () => {
  const commits: string[] = [];
  db.knex.on('query', ({ sql }: { sql: string }) => {
    if (sql.startsWith('COMMIT')) commits.push(sql);
  });
  const names = Array.from({ length: 20 }, (_, n) => `n${String(n).padStart(2, '0')}`);
  await expect(Promise.all(names.map(write))).resolves.toEqual(names);
  expect(await texts()).toEqual(names);
  expect(commits.length).toBeLessThan(5);
});

test('one that fails takes back its own writes and nobody else’s', async () => {
  const failing = db.tx(async (trx) => {
    await trx('notes').insert({ text: 'taken back' });
    throw new Error('wanted');
  });
  const answers = await Promise.allSettled([write('first'), failing, write('first'), write('last')]);
  expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(await texts()).toEqual(['first', 'last']);
});

test('nothing is answered before the commit: a failed commit fails everybody of its group', async () => {
  const first = write('alone');
  const breaking = db.tx(async (trx) => {
    await trx.raw('PRAGMA defer_foreign_keys = ON');
    await trx.raw('CREATE TABLE parent (id INTEGER PRIMARY KEY)');
    await trx.raw('CREATE TABLE child (parent_id INTEGER REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)');
    await trx.raw('INSERT INTO child VALUES (1)');
  });
  const beside = write('beside');
  const answers = await Promise.allSettled([first, breaking, beside]);
  expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(await texts()).toEqual(['alone']);
});
