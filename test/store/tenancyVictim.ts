import type { Scope } from '../../src/store/context';
import type { TestStore } from '../support/storeAt';
import { fileOf, fresh, grantOf, openLine, PICTURE, type Granted, type Line } from './line';
import { openPeople } from './tenancyPeople';

/** What one location has: a message of each kind, a claim in hand, a receipt, a post, a contact, a session. */
export interface Victim {
  line: Line;
  companyId: string;
  waiting: { messageId: string };
  /** Its file is being fetched. */
  withFile: { messageId: string };
  mediaId: string;
  inHand: Granted;
  inbound: Granted;
  postId: string;
  tellId: string;
  fingerprint: string;
  outageId: string;
}

/** A call as a stranger makes it: with all the right ids and another location's name; and what that gets. */
export interface Attack {
  call: (ledger: TestStore, victim: Victim, stranger: Scope) => Promise<unknown>;
  gets: unknown;
}

export const NOT_FOUND = 'not_found';

/** Opens a location that has something in every table. */
export async function openVictim(ledger: TestStore): Promise<Victim> {
  const { store, clock, db } = ledger;
  const scope = { locationId: fresh('victim') };
  const companyId = fresh('company');
  await store.installations.install(scope, { companyId, grant: grantOf() });
  const whom = { approveAll: true, named: [], excluded: [] };
  await store.externalAuth.keepDefault(companyId, { token: fresh('company-token'), ...whom });
  const line = await openLine(ledger, { scope, installed: false });
  const sent = await line.accept({ to: 'cem' });
  await line.send(sent, 'SENT-ID');
  await line.receipt('SENT-ID', 'server');
  const ambiguous = await line.accept({ to: 'anna' });
  await line.record(await line.grant(ambiguous), { kind: 'ambiguous', cause: 'timeout' });
  clock.now = await line.freeAt();
  const inHand = await line.grant(await line.accept({ to: 'dora' }));
  const inbound = await line.grant(await line.arrives());
  const waiting = await line.accept({ to: 'ben', messageKey: 'KEY' });
  const mark = { wake_due_message: waiting.messageId, wake_due_at: clock.now };
  await db
    .knex('lanes')
    .where({ id: `out:${line.connectionId}` })
    .update(mark);
  const postId = await store.posts.store(scope, line.connectionId, Buffer.from('post'));
  const { mediaId } = await store.media.keep(scope, fileOf(waiting.messageId, 0));
  const withFile = await line.arrives({ from: 'fay', file: PICTURE });
  await store.contacts.remember(scope, 'ADDRESS-KEY', { contactId: 'c', conversationId: null, providerId: null });
  await openPeople(ledger, line);
  await store.qr.keep(scope, line.connectionId, { png: Buffer.from('QR'), lifeMs: 86_400_000 });
  await store.ghlBudget.lease(scope.locationId, { priority: 'high', want: 1, spent: null });
  const fingerprint = fresh('context');
  await store.sessions.open(scope, {
    ...{ fingerprint, companyId, tokenHash: fresh('hash'), userId: 'user-1', role: 'admin', lifeMs: 900_000 },
  });
  await line.arrives({ from: 'eva', text: 'STOP' });
  await store.ghlFacts.note(scope, [{ kind: 'message', ghlId: 'GHL-FACT', direction: 'outbound', status: 'pending' }]);
  const outageId = fresh('outage');
  const outage = { id: outageId, location_id: scope.locationId, from_at: 1, to_at: 2, due_at: clock.now, whole: 1 };
  await db.knex('outages').insert(outage);
  await line.setConnection({ nacked_at: clock.now });
  await store.alerts.reconcile({ post: true });
  const { id: tellId } = await db.knex('alert_tells').where({ location_id: scope.locationId }).first('id');
  clock.advance(4_000);
  return { line, companyId, waiting, withFile, mediaId, inHand, inbound, postId, tellId, fingerprint, outageId };
}

/** Opens a location of another company that goes about its own business. */
export async function openStranger(ledger: TestStore): Promise<Scope> {
  const scope = { locationId: fresh('stranger') };
  await ledger.store.installations.install(scope, { companyId: fresh('company'), grant: grantOf() });
  const line = await openLine(ledger, { scope, installed: false });
  await line.accept({ to: 'ben', messageKey: 'KEY' });
  return scope;
}

/** The columns by which a table says whose a row is. */
export const OWNERS = ['location_id', 'resource_id', 'company_id'];

/** Tables whose rows are no tenant's, with the reason. */
export const NOBODYS: Record<string, string> = {
  app_events: 'ids of events that were seen',
  beats: 'of the ingresses, all together',
  leases: 'of the processes',
  oauth_states: 'of browsers that have not chosen a location yet',
  schema_migrations: 'of the schema',
  schema_migrations_lock: 'of the schema',
  vault: 'keys of the store',
};

/** Returns the tables of the database, with the names of their columns. */
export async function columnsOf({ db, kind }: Pick<TestStore, 'db' | 'kind'>): Promise<Record<string, string[]>> {
  const names: string[] =
    kind === 'sqlite'
      ? await db.knex('sqlite_master').where({ type: 'table' }).whereNot('name', 'like', 'sqlite_%').pluck('name')
      : ((await db.knex.raw('SHOW TABLES')) as [Record<string, string>[]])[0].map((row) => Object.values(row)[0]!);
  const tables = names.sort().map(async (name) => [name, Object.keys(await db.knex(name).columnInfo())] as const);
  return Object.fromEntries(await Promise.all(tables));
}

/** Returns every tenant's rows, of all tables, but those that are a location's own. */
export async function allBut(
  ledger: Pick<TestStore, 'db' | 'kind'>,
  { locationId }: Scope,
): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {};
  const tables = Object.keys(await columnsOf(ledger));
  for (const name of tables.filter((one) => !(one in NOBODYS))) {
    const all: Record<string, unknown>[] = await ledger.db.knex(name);
    const others = all.filter((row) => !OWNERS.some((owner) => row[owner] === locationId));
    rows[name] = others.map((row) => JSON.stringify(row)).sort();
  }
  return rows;
}
