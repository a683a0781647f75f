import { tellOperator } from '../../src/commands/tellOperator';
import { tellPeople, type GhlTokens } from '../../src/commands/tellPeople';
import { backlogOf } from '../../src/domain/backlog';
import { DomainError } from '../../src/domain/errors';
import { createGhlClient, type GhlClient } from '../../src/ghl/client';
import { createLogger } from '../../src/observability/logger';
import { createMetrics } from '../../src/observability/metrics';
import { GHL_FAULTS, startSandboxGhl, type SandboxGhl } from '../../src/sandbox/ghl';
import { grantOf, openLine, type Line } from '../store/line';
import { accessOf } from '../support/ghlAccess';
import { startReceiver, type Receiver } from '../support/sandboxReceiver';
import { openTestStore } from '../support/store';
import type { TestStore } from '../support/storeAt';

const LOCATION = 'sbx-location-1';
const HOUR_MS = 3_600_000;

let ledger: TestStore;
let line: Line;
let ghl: SandboxGhl;
let client: GhlClient;
let receiver: Receiver;
let contactId: string;
let logs: string;
let renewed: number[];

beforeEach(async () => {
  [ledger, ghl, receiver] = await Promise.all([openTestStore({ kind: 'sqlite' }), startSandboxGhl(), startReceiver()]);
  line = await openLine(ledger, { scope: { locationId: LOCATION } });
  client = createGhlClient({ apiUrl: ghl.url, clientId: ghl.clientId, clientSecret: ghl.clientSecret });
  contactId = ghl.addContact(LOCATION, { phone: '+60123456789' }).id;
  await line.accept({ contactId });
  logs = '';
  renewed = [];
});

afterEach(async () => {
  await client.close();
  await Promise.all([ledger.close(), ghl.stop(), receiver.stop()]);
});

function app() {
  const logger = createLogger({ level: 'debug', destination: { write: (text: string) => void (logs += text) } });
  return { store: ledger.store, ghl: client, metrics: createMetrics(), logger };
}

/** The location's token as an activity would get it; a refused one is renewed and comes back later. */
function tokens(): GhlTokens {
  const access = accessOf(ghl.issueTokens(LOCATION).accessToken);
  return {
    accessOf: async () => ({ access, version: 1 }),
    renewRefused: async (_locationId, version) => {
      renewed.push(version);
      throw new DomainError('token_refreshing', 'later', 'The token is being renewed.', { retryAfterMs: 1_000 });
    },
  };
}

async function lose(): Promise<void> {
  const lost = { kind: 'held', state: 'reauth', text: '' } as const;
  await ledger.store.connections.recordProbe(line.scope, line.connectionId, lost);
  await ledger.store.alerts.reconcile({ post: true });
}

async function bringBack(): Promise<void> {
  await ledger.store.connections.recordProbe(line.scope, line.connectionId, { kind: 'connected' });
  await ledger.store.alerts.reconcile({ post: true });
}

/** Tells people in GHL of everything that is due now. */
async function tellInGhl(through = tokens()): Promise<void> {
  for (const tell of await ledger.store.alerts.takeDueTells('ghl', 100)) await tellPeople(app(), through, tell);
}

async function tellByPost(url: string): Promise<void> {
  for (const tell of await ledger.store.alerts.takeDueTells('operator', 100)) await tellOperator(app(), url, tell);
}

const notes = () => ghl.notes(LOCATION).map(({ body }) => body);

describe('people in GHL', () => {
  it('get a note and a task, and on the return a note and the task completed', async () => {
    await lose();
    await tellInGhl();
    expect(notes()).toEqual([expect.stringContaining('wait since')]);
    expect(ghl.tasks(LOCATION)).toMatchObject([
      { contactId, completed: false, title: 'WhatsApp can not send: the gateway refuses our credentials' },
    ]);
    await bringBack();
    await tellInGhl();
    expect(notes()).toEqual([expect.stringContaining('wait since'), expect.stringContaining('is back')]);
    expect(ghl.tasks(LOCATION)).toMatchObject([{ contactId, completed: true }]);
    ledger.clock.advance(HOUR_MS);
    await tellInGhl();
    expect(notes()).toHaveLength(2);
  });

  it('get a note once although its answer was lost: it is found before it is written again', async () => {
    ghl.fault(GHL_FAULTS.noteAnswerLost);
    await lose();
    await tellInGhl();
    await tellInGhl();
    expect(notes()).toHaveLength(1);
    ledger.clock.advance(HOUR_MS);
    await tellInGhl();
    expect(ghl.pendingFaults()).toBe(0);
    expect(notes()).toHaveLength(1);
    await bringBack();
    await tellInGhl();
    expect(notes()).toHaveLength(2);
  });

  it('get it although the first try got lost with its effect', async () => {
    ghl.fault({ operation: 'createNote', end: 'reset' });
    ghl.fault({ operation: 'createTask', end: 'status', status: 503 });
    await lose();
    await tellInGhl();
    expect([notes(), ghl.tasks(LOCATION)]).toEqual([[], []]);
    ledger.clock.advance(HOUR_MS);
    await tellInGhl();
    expect([notes().length, ghl.tasks(LOCATION).length]).toEqual([1, 1]);
  });

  it('get the task once although its answer was lost, and it is completed', async () => {
    ghl.fault({ operation: 'createTask', end: 'reset', effect: true });
    await lose();
    await tellInGhl();
    ledger.clock.advance(HOUR_MS);
    await tellInGhl();
    await bringBack();
    await tellInGhl();
    expect(ghl.tasks(LOCATION)).toMatchObject([{ completed: true }]);
  });

  it('are not told that it is down once it is back', async () => {
    ghl.fault({ operation: 'createNote', end: 'reset' });
    ghl.fault({ operation: 'createTask', end: 'status', status: 429 });
    await lose();
    await tellInGhl();
    await bringBack();
    ledger.clock.advance(HOUR_MS);
    await tellInGhl();
    ledger.clock.advance(HOUR_MS);
    await tellInGhl();
    expect([notes(), ghl.tasks(LOCATION)]).toEqual([[], []]);
  });

  it('are told later when the token has to be renewed first', async () => {
    await lose();
    const spent = tokens();
    ghl.revokeTokens(LOCATION);
    await tellInGhl(spent);
    expect(renewed).toEqual([1, 1]);
    ledger.clock.advance(1_000);
    await tellInGhl();
    expect(notes()).toHaveLength(1);
  });

  it('are told later when no token is left, within the day', async () => {
    await lose();
    const none = new DomainError('no_token', 'never', 'No token of this location is left.');
    await tellInGhl({ ...tokens(), accessOf: () => Promise.reject(none) });
    ledger.clock.advance(HOUR_MS);
    await tellInGhl();
    expect(notes()).toHaveLength(1);
  });

  it('get one task and no note of a backlog, due when it ends; it is completed when it is over', async () => {
    const slow = { capDaily: 1, paceTextMs: '0-0' };
    await ledger.store.connections.changeSettings(line.scope, line.connectionId, slow);
    for (const to of ['ben', 'cem']) await line.accept({ to });
    const look = async () => {
      await ledger.store.alerts.lookForBacklogs();
      await ledger.store.alerts.reconcile({ post: true });
      await tellInGhl();
      await tellByPost(receiver.url);
    };
    await look();
    const { endsAt } = backlogOf((await line.lane()).backlog ?? '');
    expect(notes()).toEqual([]);
    expect(ghl.tasks(LOCATION)).toMatchObject([
      { contactId, completed: false, title: expect.stringContaining('go out until about') as string },
    ]);
    expect(Date.parse(ghl.tasks(LOCATION)[0]?.dueDate ?? '')).toBe(endsAt);
    await ledger.store.connections.changeSettings(line.scope, line.connectionId, { capDaily: null });
    await look();
    expect(ghl.tasks(LOCATION)).toMatchObject([{ completed: true }]);
    const posts = receiver.posts.entries.map(({ json }) => json as Record<string, string>);
    expect(posts).toMatchObject([
      { kind: 'backlog', state: 'open', connectionId: line.connectionId, locationId: LOCATION },
      { kind: 'backlog', state: 'closed' },
    ]);
  });

  it('at a contact that is gone are not tried again; it is logged without anything private', async () => {
    ghl.deleteContact(contactId);
    await lose();
    await tellInGhl();
    ledger.clock.advance(HOUR_MS);
    expect(await ledger.store.alerts.takeDueTells('ghl', 100)).toEqual([]);
    expect(logs).toContain('Nobody could be told of an alert');
    expect(logs).not.toMatch(/60123456789|wait since/);
  });
});

describe('the operator', () => {
  it('gets the alert as the contract has it, then its end', async () => {
    await lose();
    const since = new Date(ledger.clock.now).toISOString();
    await tellByPost(receiver.url);
    await bringBack();
    await tellByPost(receiver.url);
    const whose = { kind: 'reauth', locationId: LOCATION, connectionId: line.connectionId, since };
    const words = { text: expect.stringMatching(/\.$/), next: expect.stringMatching(/\.$/) };
    expect(receiver.posts.entries.map(({ json }) => json)).toEqual([
      { ...whose, ...words, state: 'open' },
      { ...whose, ...words, state: 'closed' },
    ]);
  });

  it('of a location gets no connection', async () => {
    await ledger.store.installations.setState(line.scope, 'suspended', null);
    await ledger.store.alerts.reconcile({ post: true });
    await tellByPost(receiver.url);
    expect(receiver.posts.entries[0]!.json).not.toHaveProperty('connectionId');
  });

  it('of a company gets the company, and no location', async () => {
    await ledger.store.installations.installCompany('company-1', { grant: grantOf() });
    await ledger.store.installations.holdForToken({ locationId: 'company-1' }, 1, 'reauth_required', 'test');
    await ledger.store.alerts.reconcile({ post: true });
    await tellByPost(receiver.url);
    const whose = { kind: 'company_reauth', state: 'open', locationId: null, companyId: 'company-1' };
    expect(receiver.posts.entries.map(({ json }) => json)).toMatchObject([
      { ...whose, text: expect.stringContaining('lost its access to the agency') as string },
    ]);
  });

  it('is asked again until a 2xx, the same post with the same key, open before closed', async () => {
    receiver.statuses.push(500, 302, 404);
    await lose();
    await bringBack();
    for (let n = 0; n < 6; n++) {
      await tellByPost(receiver.url);
      ledger.clock.advance(HOUR_MS);
    }
    const posts = receiver.posts.entries;
    expect(posts.map(({ json }) => (json as { state: string }).state)).toEqual([
      ...['open', 'open', 'open', 'open'],
      'closed',
    ]);
    expect(new Set(posts.map(({ headers }) => headers['idempotency-key'])).size).toBe(2);
  });

  it('that does not answer harms nothing, and its address is in no log', async () => {
    await receiver.stop();
    await lose();
    for (let n = 0; n < 30; n++) {
      await tellByPost(`${receiver.url}/?key=secret-of-the-webhook`);
      ledger.clock.advance(HOUR_MS);
    }
    expect(logs).toContain('Nobody could be told of an alert');
    expect(logs).not.toContain('secret-of-the-webhook');
  });
});
