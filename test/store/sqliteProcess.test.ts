import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDb } from '../../src/store/db';
import { openTestStore } from '../support/store';
import { openStoreAt } from '../support/storeAt';
import { spawnChild } from './child/spawn';
import { openLine } from './line';

describe('one process on a SQLite file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bridge-sqlite-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is all there may be: the second one is refused, and told why', async () => {
    const path = join(folder, 'refused.sqlite');
    const child = spawnChild('hold', path);
    await child.said('held');
    expect(() => openDb({ kind: 'sqlite', path })).toThrow(
      expect.objectContaining({ code: 'store_in_use', retry: 'never' }),
    );
    expect(await spawnChild('hold', path).said('refused ')).toBe('store_in_use');
    child.process.kill('SIGKILL');
    await once(child.process, 'close');
    await openDb({ kind: 'sqlite', path }).close();
  });

  it('leaves no lock behind when it is killed, and none when it ends', async () => {
    const path = join(folder, 'killed.sqlite');
    for (let n = 0; n < 2; n++) {
      const child = spawnChild('hold', path);
      await child.said('held');
      child.process.kill('SIGKILL');
      await once(child.process, 'close');
    }
    await openDb({ kind: 'sqlite', path }).close();
    const again = openDb({ kind: 'sqlite', path });
    expect(await again.knex.raw('SELECT 1 AS works')).toEqual([{ works: 1 }]);
    await again.close();
  });

  it('refuses itself a second time too', async () => {
    const path = join(folder, 'twice.sqlite');
    const db = openDb({ kind: 'sqlite', path });
    expect(() => openDb({ kind: 'sqlite', path })).toThrow(expect.objectContaining({ code: 'store_in_use' }));
    await db.close();
  });

  it('has on the disk what it has answered', async () => {
    const ledger = await openTestStore({ kind: 'sqlite' });
    expect(await ledger.db.knex.raw('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(await ledger.db.knex.raw('PRAGMA synchronous')).toEqual([{ synchronous: 2 }]);
    await ledger.close();
  });

  it('finds everything again after a restart', async () => {
    const target = join(folder, 'again.sqlite');
    const before = await openStoreAt(target, { kind: 'sqlite' });
    const line = await openLine(before);
    const message = await line.accept({ text: 'still here' });
    await before.close();
    const after = await openStoreAt(target, { kind: 'sqlite' });
    const claim = await after.store.messages.claimPart(line.scope, message.messageId);
    expect(claim).toMatchObject({ kind: 'granted', part: { text: 'still here' }, to: { value: '+60-anna' } });
    await after.close();
  });

  it('begins its transactions as writers, so that none fails half-way', async () => {
    const ledger = await openTestStore({ kind: 'sqlite' });
    const statements: string[] = [];
    ledger.db.knex.on('query', ({ sql }: { sql: string }) => statements.push(sql));
    await ledger.store.leases.take('name', 'holder', 1_000);
    expect(statements[0]).toBe('BEGIN IMMEDIATE;');
    await ledger.close();
  });
});
