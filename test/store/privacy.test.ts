import { readFileSync } from 'node:fs';
import { openTestStore } from '../support/store';
import { openStoreAt, testCipher, type TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { SEALED_COLUMNS } from '../../src/store/sealedColumns';
import { addressOf, fileOf, fresh, grantOf, openLine, OUTCOMES, PICTURE } from './line';

const TEXT = 'the-secret-words';
const WHO = 'private-number';
const TOKENS = { accessToken: 'ghl-access-secret', refreshToken: 'ghl-refresh-secret' };

/** Goes through everything that stores something private. */
async function liveThroughADay(ledger: TestStore): Promise<void> {
  const scope = { locationId: fresh('location') };
  const { store } = ledger;
  await store.installations.install(scope, { companyId: null, grant: { ...grantOf(), ...TOKENS } });
  const sent = { to: WHO, text: TEXT, contactId: 'contact-1' };
  const line = await openLine(ledger, { scope, installed: false });
  const row = (await store.connections.get(scope, line.connectionId))!;
  await store.connections.connect(scope, {
    channel: 'whatsapp',
    gateway: row.gateway,
    baseUrl: row.base_url,
    instanceId: row.instance_id,
    token: 'gateway-secret',
    webhookSecret: 'webhook-secret-in-clear',
    webhookHash: 'hash-of-the-secret',
    number: addressOf(WHO),
  });
  await line.send(await line.accept({ ...sent }));
  const ambiguous = await line.accept({ ...sent });
  await store.media.keep(scope, { ...fileOf(ambiguous.messageId), name: TEXT, source: { url: `https://${WHO}/` } });
  await line.record(await line.grant(ambiguous), OUTCOMES.timeout);
  await line.echo('ECHO-1', { to: WHO, text: TEXT });
  await line.echo('PHONE-1', { to: WHO, text: TEXT });
  await line.accept({ ...sent, failure: { reason: 'phone_impossible' } });
  const inbound = await line.grant(await line.arrives({ from: WHO, text: TEXT }));
  const ids = { ghlMessageId: fresh('ghl-message'), contactId: 'contact-1', conversationId: null };
  await store.messages.recordPosted(inbound.claim, { kind: 'posted', ...ids });
  const picture = await line.arrives({
    from: WHO,
    text: TEXT,
    file: { ...PICTURE, name: TEXT, url: `https://${WHO}/` },
  });
  await store.inboundFiles.noteAddress(scope, picture.messageId, `https://${WHO}/${TEXT}`);
  await store.contacts.remember(scope, inbound.message.address_key!, {
    contactId: 'c',
    conversationId: null,
    providerId: null,
  });
  await store.identities.learn(scope, line.connectionId, [{ lid: WHO, phone: addressOf(WHO) }]);
  const group = { channel: 'whatsapp' as const, value: `${WHO}@g.us` };
  await store.chats.nameGroup(scope, line.connectionId, group, TEXT);
  await findNumber(ledger, line.connectionId, ambiguous.messageId);
  await store.posts.store(scope, line.connectionId, Buffer.from(JSON.stringify({ TEXT, from: `+60-${WHO}` })));
  await store.tokens.finishRefresh(scope.locationId, 1, { ...grantOf(), ...TOKENS });
  await store.connections.beginRotation(scope, line.connectionId, 'operator');
  await store.qr.keep(scope, line.connectionId, { png: Buffer.from(TEXT), lifeMs: 20_000 });
  const typed = { instanceId: fresh('INSTANCE'), token: 'gateway-secret', number: addressOf(WHO) };
  const gateway = { gateway: row.gateway, baseUrl: row.base_url };
  await store.externalAuth.keep({ locationId: fresh('location') }, { ...gateway, ...typed });
  const whom = { approveAll: true, named: [], excluded: [] };
  await store.externalAuth.keepDefault(fresh('company'), { token: 'gateway-secret', ...whom });
}

/** As it is written down when the account is known under another number than the contact's. */
async function findNumber({ db, store }: TestStore, connectionId: string, messageId: string): Promise<void> {
  const { location_id: locationId } = await db.knex('connections').where({ id: connectionId }).first('location_id');
  const fresh = { open: 1, claimed: 0, prepared: 0 };
  const before = await db.knex('messages').where({ id: messageId }).first('open', 'claimed', 'prepared');
  await db.knex('messages').where({ id: messageId }).update(fresh);
  const number = { kind: 'known', exists: true, number: addressOf(`${WHO}-other`) } as const;
  await store.messages.recordPrepared({ locationId }, messageId, { files: [], number });
  await db.knex('messages').where({ id: messageId }).update(before);
}

/** The bytes of the database file and its log, where it is one. */
function filesOf({ kind, target }: TestStore): string {
  if (kind === 'mysql') return '';
  return [target, `${target}-wal`].map((file) => readFileSync(file, 'latin1')).join('');
}

async function dump({ db, kind }: TestStore): Promise<Record<string, Record<string, unknown>[]>> {
  const names =
    kind === 'sqlite'
      ? await db.knex('sqlite_master').where({ type: 'table' }).pluck('name')
      : ((await db.knex.raw('SHOW TABLES')) as [Record<string, string>[]])[0].map((row) => Object.values(row)[0]!);
  const tables = await Promise.all(names.map(async (name: string) => [name, await db.knex(name)] as const));
  return Object.fromEntries(tables);
}

describeStores('what is stored', (ledger) => {
  it('holds no text, number, token or secret in clear', async () => {
    await liveThroughADay(ledger());
    const all = JSON.stringify(await dump(ledger())) + filesOf(ledger());
    const base64 = Buffer.from(TEXT).toString('base64').slice(0, 16);
    for (const secret of [TEXT, base64, WHO, ...Object.values(TOKENS), 'gateway-secret', 'webhook-secret-in-clear']) {
      expect(all).not.toContain(secret);
    }
    expect(all).toContain('hash-of-the-secret');
  });

  it('has every sealed column in the list that a rotation of keys goes through', async () => {
    const columns: string[] = [];
    for (const table of Object.keys(await dump(ledger()))) {
      const names = Object.keys(await ledger().db.knex(table).columnInfo());
      columns.push(...names.filter((name) => name.endsWith('_sealed')).map((name) => `${table}.${name}`));
    }
    const listed = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);
    expect(columns.sort()).toEqual([...listed].sort());
    for (const { table, column } of SEALED_COLUMNS) {
      const rows = await ledger().db.knex(table).whereNotNull(column);
      expect([table, column, rows.length > 0]).toEqual([table, column, true]);
      for (const row of rows) expect(row[column]).toMatch(/^v1\.k1\./);
    }
  });

  it('opens only in its own row', async () => {
    const [one, other] = await ledger().db.knex('messages').whereNotNull('content_sealed').limit(2);
    const cipher = testCipher();
    expect(() => cipher.open(one.content_sealed, `messages/${one.id}/content`)).not.toThrow();
    expect(() => cipher.open(one.content_sealed, `messages/${other.id}/content`)).toThrow(/can not be read/);
    expect(() => cipher.open(one.content_sealed, `messages/${one.id}/address`)).toThrow(/can not be read/);
  });
});

describe.each(['sqlite', 'mysql'] as const)('rotating keys on %s', (kind) => {
  const run = kind === 'mysql' && (process.env['TEST_MYSQL_URL'] ?? '') === '' ? it.skip : it;

  run('seals everything with the first key, so that the old one can go', async () => {
    const before = await openTestStore({ kind, cipher: testCipher('k1') });
    try {
      await liveThroughADay(before);
      const rotating = await openAgain(before, testCipher('k2', 'k1'));
      const sealed = await rotating.store.rotateKeys();
      expect(sealed).toBeGreaterThan(15);
      expect(await rotating.store.rotateKeys()).toBe(0);
      for (const { table, column } of SEALED_COLUMNS) {
        const left = await rotating.db.knex(table).whereNotNull(column).whereNot(column, 'like', 'v1.k2.%');
        expect([table, column, left.length]).toEqual([table, column, 0]);
      }
      const after = await openAgain(rotating, testCipher('k2'));
      await expectReadable(after);
      await after.close();
    } finally {
      await before.close();
    }
  });

  run('refuses a ring that lacks the key of what is stored', async () => {
    const before = await openTestStore({ kind, cipher: testCipher('k1') });
    try {
      await expect(openAgain(before, testCipher('k2'))).rejects.toMatchObject({ code: 'sealed_unreadable' });
    } finally {
      await before.close();
    }
  });
});

/** Everything opens, and what is found by a keyed hash is still found. */
async function expectReadable(ledger: TestStore): Promise<void> {
  const { store, db } = ledger;
  const connection = await db.knex('connections').first();
  expect(store.connections.endpointOf(connection).token).toBe('gateway-secret');
  expect(await store.tokens.read(connection.location_id)).toMatchObject({ accessToken: TOKENS.accessToken });
  const line = await openLine(ledger, { scope: { locationId: connection.location_id }, installed: false });
  const known = await db.knex('messages').where({ direction: 'inbound' }).first();
  const next = await line.arrives({ from: WHO });
  expect((await line.message(next)).address_key).toBe(known.address_key);
}

/** The same database under another key ring, as after a restart. */
async function openAgain({ kind, target, db }: TestStore, cipher: ReturnType<typeof testCipher>): Promise<TestStore> {
  await db.close();
  return await openStoreAt(target, { kind, cipher });
}
