import { testCipher, type TestStore } from '../support/storeAt';
import { addressOf, fresh, grantOf, openLine, OUTCOMES, PICTURE, type Line } from './line';

/** A location that holds something private in every place where the store can. */
export interface Filled {
  line: Line;
  /** Ended messages of anna: to her, and from her. */
  sent: { messageId: string; messageKey: string };
  arrived: { messageId: string; gatewayId: string };
  /** An ended one to ben. */
  toBen: { messageId: string };
  mediaId: string;
  annaKey: string;
}

/** Fills a location; anna's contact id is `contact-anna`, ben's `contact-ben`. */
export async function fillLocation(ledger: TestStore): Promise<Filled> {
  const { store, clock } = ledger;
  const scope = { locationId: fresh('location') };
  await store.installations.install(scope, { companyId: null, grant: grantOf() });
  const line = await openLine(ledger, { scope, installed: false });
  const messageKey = fresh('ghl');
  const sent = await line.accept({ to: 'anna', messageKey });
  const mediaId = fresh('media');
  await store.media.keep(scope, {
    ...{ mediaId, messageId: sent.messageId, n: 0, kind: 'image', name: 'anna.jpg', type: 'image/jpeg' },
    ...{ bytes: 3, sha256: 'aa', source: { url: 'https://files.example/anna.jpg' } },
  });
  await line.receipt(await line.send(sent), 'delivered');
  const toBen = await line.accept({ to: 'ben', text: 'For Ben' });
  await line.receipt(await line.send(toBen), 'delivered');
  const refused = await line.accept({ to: 'anna' });
  await line.record(await line.grant(refused), OUTCOMES.invalid);
  clock.now = Math.max(clock.now, await line.freeAt());
  const gatewayId = fresh('IN');
  const arrived = await line.arrives({ from: 'anna', gatewayId, file: PICTURE });
  await line.claim(arrived);
  await store.inboundFiles.record(scope, arrived.messageId, { kind: 'kept' });
  await store.inboundFiles.noteAddress(scope, arrived.messageId, 'https://files.example/anna.jpg');
  const ids = { ghlMessageId: fresh('ghl-message'), contactId: 'contact-anna', conversationId: 'conv-anna' };
  await store.messages.recordPosted((await line.grant(arrived)).claim, { kind: 'posted', ...ids });
  for (const message of [sent, toBen, refused]) await store.messages.giveUpTelling(scope, message.messageId);
  await line.echo(fresh('PHONE'), { to: 'anna', text: 'Typed on the phone' });
  const annaKey = (await line.message(sent)).address_key!;
  await store.contacts.remember(scope, annaKey, {
    contactId: 'contact-anna',
    conversationId: 'conv',
    providerId: null,
  });
  const postId = await store.posts.store(scope, line.connectionId, Buffer.from('{"text":"raw"}'));
  await store.posts.settle(scope, postId, 'applied');
  await rememberNumber(ledger, line, annaKey);
  await store.identities.learn(scope, line.connectionId, [{ lid: '27560000001', phone: addressOf('anna') }]);
  const group = { channel: 'whatsapp' as const, value: '120363000000000001@g.us' };
  await store.chats.nameGroup(scope, line.connectionId, group, 'Family');
  await store.connections.beginRotation(scope, line.connectionId, 'operator');
  await store.qr.keep(scope, line.connectionId, { png: Buffer.from('QR'), lifeMs: 20_000 });
  await waitForInstall(ledger, line);
  await line.setConnection({ address_sealed: testCipher().seal('own', `connections/${line.connectionId}/address`) });
  return { line, sent: { ...sent, messageKey }, arrived: { ...arrived, gatewayId }, toBen, mediaId, annaKey };
}

/** As the gateway's answer about a number leaves it. */
async function rememberNumber({ db, clock }: TestStore, { scope }: Line, addressKey: string): Promise<void> {
  const id = fresh('number');
  await db.knex('numbers').insert({
    ...{ id, location_id: scope.locationId, address_key: addressKey, exists_there: 1, number_key: `${addressKey}-2` },
    ...{ number_sealed: testCipher().seal(addressOf('anna').value, `numbers/${id}/number`), checked_at: clock.now },
  });
}

/** As external authentication leaves it: credentials that wait for the install, and the company's token. */
async function waitForInstall({ db, store, clock }: TestStore, { scope: { locationId } }: Line): Promise<void> {
  const sealed = (word: string) => testCipher().seal(fresh(word), `external_auth_waiting/${locationId}/${word}`);
  await db.knex('external_auth_waiting').insert({
    ...{ location_id: locationId, gateway: 'waapify', base_key: 'key', base_url: 'https://gateway.example.com/api' },
    ...{ instance_id: fresh('INSTANCE'), token_sealed: sealed('token'), number_sealed: sealed('number') },
    kept_at: clock.now,
  });
  const whom = { approveAll: true, named: [], excluded: [] };
  await store.externalAuth.keepDefault(fresh('company'), { token: fresh('token'), ...whom });
}

/** Returns all rows of a location, by table: of every table that says whose its rows are. */
export async function rowsOf({ db, kind }: TestStore, locationId: string): Promise<Record<string, object[]>> {
  const names: string[] =
    kind === 'sqlite'
      ? await db.knex('sqlite_master').where({ type: 'table' }).pluck('name')
      : ((await db.knex.raw('SHOW TABLES')) as [Record<string, string>[]])[0].map((row) => Object.values(row)[0]!);
  const rows: Record<string, object[]> = {};
  for (const name of names) {
    const columns = Object.keys(await db.knex(name).columnInfo());
    const owner = ['location_id', 'resource_id'].find((column) => columns.includes(column));
    if (owner !== undefined && name !== 'audit_log') rows[name] = await db.knex(name).where({ [owner]: locationId });
  }
  return rows;
}
