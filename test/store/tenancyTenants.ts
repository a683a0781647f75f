import { addressOf, fresh, grantOf } from './line';
import type { Attack } from './tenancyVictim';

/** The calls about a location itself: its installation, tokens, sessions, contacts and data. */
export const TENANT_ATTACKS: Record<string, Attack> = {
  'locations.get': { call: ({ store }, _v, stranger) => store.locations.get(stranger), gets: null },
  'tokens.read': { call: ({ store }, _v, { locationId }) => store.tokens.read(locationId), gets: null },
  'tokens.beginRefresh': {
    call: ({ store }, _v, { locationId }) => store.tokens.beginRefresh(locationId, 1),
    gets: null,
  },
  'tokens.finishRefresh': {
    call: ({ store }, _v, { locationId }) => store.tokens.finishRefresh(locationId, 1, grantOf()),
    gets: null,
  },
  'tokens.companyOf': { call: ({ store }, _v, { locationId }) => store.tokens.companyOf(locationId), gets: null },
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
  'contacts.find': { call: ({ store }, _v, s) => store.contacts.find(s, 'ADDRESS-KEY'), gets: null },
  'contacts.forget': { call: ({ store }, _v, s) => store.contacts.forget(s, 'ADDRESS-KEY'), gets: undefined },
  'locations.describe': {
    call: ({ store }, _v, s) => store.locations.describe(s, { country: 'SG', timezone: 'Asia/Singapore' }),
    gets: undefined,
  },
  'installations.install': {
    call: ({ store }, { companyId }, s) => store.installations.install(s, { companyId, grant: grantOf() }),
    gets: expect.objectContaining({ wakes: [] }),
  },
  'installations.setState': {
    call: ({ store }, _v, s) => store.installations.setState(s, 'suspended', 'forged'),
    gets: [],
  },
  'installations.holdForToken': {
    call: ({ store }, _v, s) => store.installations.holdForToken(s, 1, 'reauth_required', 'forged'),
    gets: false,
  },
  'contacts.remember': {
    call: ({ store }, _v, s) => {
      const forged = { contactId: 'forged', conversationId: null, providerId: null };
      return store.contacts.remember(s, 'ADDRESS-KEY', forged);
    },
    gets: undefined,
  },
  'ghlBudget.lease': {
    call: ({ store }, _v, s) => store.ghlBudget.lease(s.locationId, { priority: 'high', want: 1, spent: null }),
    gets: expect.objectContaining({ kind: 'granted' }),
  },
  'ghlBudget.close': { call: ({ store }, _v, s) => store.ghlBudget.close(s.locationId, 60_000), gets: undefined },
  'ghlBudget.lower': {
    call: ({ store }, _v, s) => store.ghlBudget.lower(s.locationId, { remaining: 0 }),
    gets: undefined,
  },
  'connections.learnDialect': {
    call: ({ store }, { line }, s) => store.connections.learnDialect(s, line.connectionId, 'slash-v2'),
    gets: undefined,
  },
  'externalAuth.keep': {
    call: async ({ store, db }, { line }, s) => {
      const row = await db.knex('connections').where({ id: line.connectionId }).first();
      const name = { gateway: row.gateway, baseUrl: row.base_url, instanceId: row.instance_id };
      return await store.externalAuth.keep(s, { ...name, token: 'FORGED', number: addressOf('own') });
    },
    gets: 'instance_taken',
  },
  'externalAuth.keepDefault': {
    call: ({ store }, _v, { locationId: companyId }) =>
      store.externalAuth.keepDefault(companyId, { token: 'FORGED', approveAll: true, named: [], excluded: [] }),
    gets: true,
  },
  'externalAuth.defaultOf': { call: ({ store }, _v, s) => store.externalAuth.defaultOf(s), gets: null },
  'externalAuth.heldOf': { call: ({ store }, _v, s) => store.externalAuth.heldOf(s), gets: 'nothing' },
  'externalAuth.markConnected': { call: ({ store }, _v, s) => store.externalAuth.markConnected(s, 1), gets: 'nothing' },
  'sessions.open': {
    call: ({ store }, { companyId, fingerprint }, s) => {
      const session = { userId: 'forged', role: 'admin' as const, lifeMs: 900_000 };
      return store.sessions.open(s, { ...session, companyId, fingerprint, tokenHash: fresh('hash') });
    },
    gets: { kind: 'not_live' },
  },
};

/** The calls that name no location, each with the reason for which it needs none. */
export const UNSCOPED: Record<string, string> = {
  'installations.list': "the operator's view",
  'installations.progress': "the operator's view",
  'installations.overdue': 'sweep: installations with their own ids',
  'appEvents.expire': 'sweep by age',
  'oauthStates.take': 'a state belongs to a browser that has not chosen a location yet',
  'oauthStates.expire': 'sweep by age',
  'oauthStates.key': 'one key for the states of all browsers',
  'connections.list': "the operator's view",
  'connections.findByWebhookHash': 'the secret in the address says whose post it is',
  'connections.endpointOf': 'reads a row that was found with its scope',
  'connections.webhookSecretOf': 'reads a row that was found with its scope',
  'connections.hasNumber': 'reads a row that was found with its scope',
  'connections.unannounced': 'sweep: connections with their own locations',
  'connections.takeDueProbes': 'sweep: connections with their own locations',
  'sweep.overdue': 'sweep: messages with their own locations',
  'sweep.leftWakes': 'sweep: messages with their own locations',
  'sweep.untold': 'sweep: messages with their own locations',
  'sweep.unmatchedReceipts': 'sweep: receipts with their own locations',
  'posts.takeDue': 'sweep: posts with their own locations',
  'media.findSigned': 'the signed address says which file',
  'media.standings': 'tidying of the folder by the names of its files',
  'media.expire': 'sweep by age',
  'media.addressKey': 'one key for the addresses of all files',
  'alerts.learnReceipts': 'sweep: connections with their own locations',
  'alerts.lookForBacklogs': 'sweep: lanes with their own locations',
  'alerts.reconcile': 'sweep: alerts with their own locations',
  'alerts.countOpen': 'a metric without a tenant',
  'alerts.takeDueTells': 'sweep: tells with their own locations',
  'tokens.takeDue': 'sweep: tokens with their own locations',
  'erasure.locationsOf': "the operator's view",
  'erasure.expire': 'sweep by age',
  'sessions.find': "the token's hash says whose session it is",
  'sessions.expire': 'sweep by age',
  'externalAuth.expire': 'sweep by age',
  'connections.purge': 'sweep by age',
  'qr.expire': 'sweep by age',
  'optOuts.takeDue': 'sweep: opt-outs with their own locations',
  'ghlFacts.expire': 'sweep by age',
  'outages.beat': 'of the ingresses, all together',
  'outages.takeDue': 'sweep: outages with their own locations',
  'outages.list': "the operator's view",
  'contacts.keyOf': 'hashes an address, and asks nothing of the store',
  'messages.dueOwn': 'sweep: echoes with their own locations',
  'identities.takeDueMerges': 'sweep: identities with their own locations',
  'leases.take': 'of the processes, not of a tenant',
  'leases.give': 'of the processes, not of a tenant',
  'audit.write': "adds a line of the caller's own",
};
