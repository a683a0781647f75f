import type { TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { addressOf, connectInput, fileOf, fresh, grantOf, openLine, typed, type Granted, type Line } from './line';

/** What one location has: a message of each kind, a claim in hand, a receipt, a post, a contact. */
interface Victim {
  line: Line;
  waiting: { messageId: string };
  inHand: Granted;
  inbound: Granted;
  postId: string;
  tellId: string;
}

/** Each call as a stranger makes it: with all the right ids and another location's name. */
type Attack = (ledger: TestStore, victim: Victim, stranger: { locationId: string }) => Promise<unknown>;

const NOT_FOUND = 'not_found';
const ATTACKS: Record<string, { call: Attack; gets: unknown }> = {
  'locations.get': { call: ({ store }, _v, stranger) => store.locations.get(stranger), gets: null },
  'tokens.read': { call: ({ store }, _v, { locationId }) => store.tokens.read(locationId), gets: null },
  'tokens.beginRefresh': {
    call: ({ store }, _v, { locationId }) => store.tokens.beginRefresh(locationId, 1),
    gets: null,
  },
  'tokens.finishRefresh': {
    call: ({ store }, _v, { locationId }) => store.tokens.finishRefresh(locationId, 1, grantOf()),
    gets: false,
  },
  'connections.connect': {
    call: async ({ store, db }, { line }, stranger) => {
      const row = await db.knex('connections').where({ id: line.connectionId }).first();
      return await store.connections.connect(
        stranger,
        connectInput({ instanceId: row.instance_id, baseUrl: row.base_url }),
      );
    },
    gets: 'instance_taken',
  },
  'connections.get': { call: ({ store }, { line }, s) => store.connections.get(s, line.connectionId), gets: null },
  'connections.waiting': { call: ({ store }, { line }, s) => store.connections.waiting(s, line.connectionId), gets: 0 },
  'connections.markWebhookRegistered': {
    call: ({ store }, { line }, s) => store.connections.markWebhookRegistered(s, line.connectionId),
    gets: undefined,
  },
  'connections.markAnnounced': {
    call: ({ store }, { line }, s) => store.connections.markAnnounced(s, line.connectionId),
    gets: undefined,
  },
  'connections.recordProbe': {
    call: async ({ store }, { line }, s) => {
      const result = { kind: 'held' as const, state: 'reauth' as const, text: '' };
      return (await store.connections.recordProbe(s, line.connectionId, result)).changedConnection;
    },
    gets: null,
  },
  'connections.askProbe': {
    call: ({ store }, { line }, s) => store.connections.askProbe(s, line.connectionId),
    gets: undefined,
  },
  'messages.acceptInbound': {
    call: ({ store }, { line }, s) => store.messages.acceptInbound(s, line.inbound()),
    gets: NOT_FOUND,
  },
  'messages.claimPart': {
    call: ({ store }, { waiting }, s) => store.messages.claimPart(s, waiting.messageId),
    gets: NOT_FOUND,
  },
  'connections.changeSettings': {
    call: ({ store }, { line }, s) => store.connections.changeSettings(s, line.connectionId, { receipts: 'none' }),
    gets: NOT_FOUND,
  },
  'messages.recordPrepared': {
    call: ({ store }, { waiting }, s) =>
      store.messages.recordPrepared(s, waiting.messageId, { files: [], number: { kind: 'known', exists: false } }),
    gets: NOT_FOUND,
  },
  'messages.failPreparation': {
    call: ({ store }, { waiting }, s) =>
      store.messages.failPreparation(s, waiting.messageId, { reason: 'forged', text: 'Forged.' }),
    gets: NOT_FOUND,
  },
  'messages.deferPreparation': {
    call: ({ store }, { waiting }, s) =>
      store.messages.deferPreparation(s, waiting.messageId, { reason: 'forged', text: 'Forged.' }),
    gets: NOT_FOUND,
  },
  'messages.recordOutcome': {
    call: ({ store }, { inHand }, s) =>
      store.messages.recordOutcome({ ...inHand.claim, ...s }, { kind: 'accepted', gatewayId: 'FORGED' }, 0),
    gets: NOT_FOUND,
  },
  'messages.recordPosted': {
    call: ({ store }, { inbound }, s) =>
      store.messages.recordPosted({ ...inbound.claim, ...s }, { kind: 'failed', code: 'forged', text: '' }),
    gets: NOT_FOUND,
  },
  'messages.cancel': {
    call: ({ store }, { waiting }, s) => store.messages.cancel(s, waiting.messageId, { reason: 'forged' }),
    gets: NOT_FOUND,
  },
  'messages.recordEcho': {
    call: ({ store, clock }, { line }, s) => {
      const echo = { connectionId: line.connectionId, gatewayId: 'FORGED', to: addressOf('anna') };
      return store.messages.recordEcho(s, { ...echo, content: { v: 1, text: 'Hello' }, at: clock.now });
    },
    gets: NOT_FOUND,
  },
  'messages.recordReceipt': {
    call: ({ store }, { line }, s) =>
      store.messages.recordReceipt(s, { connectionId: line.connectionId, gatewayId: 'SENT-ID', level: 'read' }),
    gets: NOT_FOUND,
  },
  'messages.applyReceipts': {
    call: ({ store }, { line }, s) => store.messages.applyReceipts(s, line.connectionId, 'SENT-ID'),
    gets: { matched: false, wakes: [] },
  },
  'messages.lifecycle': {
    call: ({ store }, { waiting }, s) => store.messages.lifecycle(s, waiting.messageId),
    gets: NOT_FOUND,
  },
  'messages.markTold': {
    call: ({ store }, { waiting }, s) => store.messages.markTold(s, waiting.messageId, 'failed'),
    gets: NOT_FOUND,
  },
  'messages.giveUpTelling': {
    call: ({ store }, { waiting }, s) => store.messages.giveUpTelling(s, waiting.messageId),
    gets: undefined,
  },
  'messages.findByKey': { call: ({ store }, _v, s) => store.messages.findByKey(s, 'KEY'), gets: null },
  'sweep.postpone': {
    call: ({ store }, { waiting }, s) => store.sweep.postpone(s, waiting.messageId, 1e9),
    gets: undefined,
  },
  'media.find': {
    call: ({ store }, { waiting }, s) => store.media.find(s, waiting.messageId, 0),
    gets: null,
  },
  'media.keep': {
    call: ({ store }, { waiting }, s) => store.media.keep(s, fileOf(waiting.messageId, 1)),
    gets: NOT_FOUND,
  },
  'alerts.finishTell': {
    call: ({ store }, { tellId }, s) => store.alerts.finishTell(s, tellId, { kind: 'done' }),
    gets: null,
  },
  'erasure.unfinished': {
    call: ({ store }, _v, s) => store.erasure.unfinished(s, { contactId: 'contact-ben' }),
    gets: [],
  },
  'erasure.erase': {
    call: async ({ store }, _v, s) => (await store.erasure.erase(s, { contactId: 'contact-cem' })).erased.messages,
    gets: 0,
  },
  'exports.messages': {
    call: ({ store }, _v, s) => store.exports.messages(s, { contactId: 'contact-cem' }, ''),
    gets: { lines: [], next: null },
  },
  'exports.others': {
    call: ({ store }, _v, s) => store.exports.others(s, {}, { table: 'contacts', after: '' }),
    gets: { lines: [], next: null },
  },
  'lanes.clearWake': {
    call: async ({ store, db }, { line, waiting }, s) => {
      const lane = await db
        .knex('lanes')
        .where({ id: `out:${line.connectionId}` })
        .first();
      expect(lane.wake_due_message).toBe(waiting.messageId);
      const wake = { ...(await store.sweep.leftWakes()).find((one) => one.messageId === waiting.messageId)!, ...s };
      return await store.lanes.clearWake(wake);
    },
    gets: undefined,
  },
  'posts.olderThan': {
    call: ({ store }, { line, postId }, s) =>
      store.posts.olderThan(s, { id: `${postId}z`, connectionId: line.connectionId, raw: Buffer.alloc(0), ...s }),
    gets: [],
  },
  'posts.settle': { call: ({ store }, { postId }, s) => store.posts.settle(s, postId, 'junk'), gets: undefined },
  'contacts.find': { call: ({ store }, _v, s) => store.contacts.find(s, 'ADDRESS-KEY'), gets: null },
  'contacts.forget': { call: ({ store }, _v, s) => store.contacts.forget(s, 'ADDRESS-KEY'), gets: undefined },
};

/** Calls that add something of the caller's own, or look across all locations for the bridge itself. */
const OTHERS = {
  ownOnly: [
    'locations.describe',
    'installations.install',
    'installations.setState',
    'installations.holdForToken',
    'messages.acceptOutbound',
    'posts.store',
    'contacts.remember',
    'ghlBudget.lease',
    'ghlBudget.close',
    'ghlBudget.lower',
  ],
  acrossAll: [
    'installations.list',
    'connections.findByWebhookHash',
    'connections.endpointOf',
    'connections.webhookSecretOf',
    'connections.list',
    'connections.unannounced',
    'connections.takeDueProbes',
    'sweep.overdue',
    'sweep.leftWakes',
    'sweep.untold',
    'sweep.unmatchedReceipts',
    'posts.takeDue',
    'media.findSigned',
    'media.standings',
    'media.expire',
    'media.addressKey',
    'alerts.learnReceipts',
    'alerts.reconcile',
    'alerts.countOpen',
    'alerts.takeDueTells',
    'erasure.locationsOf',
    'erasure.expire',
    'leases.take',
    'leases.give',
    'audit.write',
  ],
};

describeStores("another location's name", (ledger) => {
  let victim: Victim;

  beforeAll(async () => {
    const line = await openLine(ledger());
    const sent = await line.accept({ to: 'cem' });
    await line.send(sent, 'SENT-ID');
    await line.receipt('SENT-ID', 'server');
    const ambiguous = await line.accept({ to: 'anna' });
    await line.record(await line.grant(ambiguous), { kind: 'ambiguous', cause: 'timeout' });
    ledger().clock.now = (await line.lane()).free_at;
    const inHand = await line.grant(await line.accept({ to: 'dora' }));
    const inbound = await line.grant(await line.arrives());
    const waiting = await line.accept({ to: 'ben', messageKey: 'KEY' });
    const lane = { wake_due_message: waiting.messageId, wake_due_at: ledger().clock.now };
    await ledger()
      .db.knex('lanes')
      .where({ id: `out:${line.connectionId}` })
      .update(lane);
    const postId = await ledger().store.posts.store(line.scope, line.connectionId, Buffer.from('post'));
    await ledger().store.media.keep(line.scope, fileOf(waiting.messageId, 0));
    const contact = { contactId: 'c', conversationId: null, providerId: null };
    await ledger().store.contacts.remember(line.scope, 'ADDRESS-KEY', contact);
    await line.setConnection({ nacked_at: ledger().clock.now });
    await ledger().store.alerts.reconcile({ post: true });
    const { id: tellId } = await ledger().db.knex('alert_tells').where({ location_id: line.scope.locationId }).first();
    victim = { line, waiting, inHand, inbound, postId, tellId };
    ledger().clock.advance(4_000);
  });

  it.each(Object.entries(ATTACKS))('finds and changes nothing: %s', async (_name, { call, gets }) => {
    const before = await everything(ledger(), victim.line.scope.locationId);
    const stranger = { locationId: fresh('stranger') };
    const got = await call(ledger(), victim, stranger).catch((error: unknown) => (error as { code: string }).code);
    expect(got).toEqual(gets);
    expect(await everything(ledger(), victim.line.scope.locationId)).toEqual(before);
    const forged = await ledger().db.knex('receipts').where({ gateway_id: 'FORGED' });
    expect(forged).toEqual([]);
  });

  it('may use the same message keys for itself', async () => {
    const own = await ledger().store.messages.acceptOutbound(
      { locationId: fresh('stranger') },
      typed({ messageKey: 'KEY' }),
    );
    expect(own).toMatchObject({ duplicate: false, connectionId: null });
  });

  it('may store a post under a foreign connection, and nobody ever applies it there', async () => {
    const stranger = { locationId: fresh('stranger') };
    const id = await ledger().store.posts.store(stranger, victim.line.connectionId, Buffer.from('forged'));
    ledger().clock.advance(21_000);
    const post = (await ledger().store.posts.takeDue()).find((one) => one.id === id)!;
    expect(await ledger().store.connections.get(post, post.connectionId)).toBeNull();
  });

  it('was tried with every call that takes one', () => {
    const nouns = Object.entries(ledger().store).filter(([, noun]) => typeof noun === 'object');
    const calls = nouns.flatMap(([noun, verbs]) => Object.keys(verbs).map((verb) => `${noun}.${verb}`));
    const known = [...Object.keys(ATTACKS), ...OTHERS.ownOnly, ...OTHERS.acrossAll];
    expect(calls.sort()).toEqual(known.sort());
  });
});

/** Returns all rows of a location, of every table that has them. */
async function everything({ db }: TestStore, locationId: string): Promise<Record<string, unknown>> {
  const tables = [
    'locations',
    'connections',
    'lanes',
    'messages',
    'message_parts',
    'webhook_posts',
    'receipts',
    'echoes',
    'contacts',
    'media',
    'alerts',
    'alert_tells',
  ];
  const rows = await Promise.all(
    tables.map(async (name) => [name, await db.knex(name).where({ location_id: locationId })] as const),
  );
  const tokens = await db.knex('tokens').where({ resource_id: locationId });
  const installations = await db.knex('installations').where({ resource_id: locationId });
  return { ...Object.fromEntries(rows), tokens, installations };
}
