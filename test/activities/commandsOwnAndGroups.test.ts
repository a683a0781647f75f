import type { GatewayEvent } from '../../src/channels/gateway';
import { applyWebhookPost } from '../../src/commands/applyWebhookPost';
import { takeDueOwn } from '../../src/loops/ownPhone';
import { connectInput, grantOf, OUTCOMES, typed as typedInGhl } from '../store/line';
import { connected } from '../support/gatewayPosts';
import { startHttpApp, type HttpApp } from '../support/httpApp';

const scope = { locationId: 'loc1' };
const ANNA = { channel: 'whatsapp', value: '+60198765432' } as const;
const GROUP = { channel: 'whatsapp', value: '120363000000000001@g.us' } as const;

let events: GatewayEvent[] = [];
let http: HttpApp;
let connectionId: string;
beforeAll(async () => {
  http = await startHttpApp({ gateway: { parseWebhook: () => events } });
  ({ connectionId } = await connected(http, 'loc1'));
});
afterAll(() => http.close());

type Own = Extract<GatewayEvent, { kind: 'own' }>;
type Said = Extract<GatewayEvent, { kind: 'message' }>;

const common = (gatewayId: string) => ({
  gatewayId,
  at: Date.now(),
  history: false,
  content: { v: 1 as const, text: 'hi' },
});
const typed = (gatewayId: string, own: Partial<Own> = {}): Own => ({
  kind: 'own',
  ...common(gatewayId),
  to: ANNA,
  ...own,
});
const said = (gatewayId: string, own: Partial<Said> = {}): Said => ({
  ...{ kind: 'message', ...common(gatewayId), from: ANNA },
  ...own,
});

async function apply(...what: GatewayEvent[]): Promise<string> {
  events = what;
  const raw = Buffer.from('raw');
  const id = await http.app.store.posts.store(scope, connectionId, raw);
  await applyWebhookPost(http.app, { id, ...scope, connectionId, raw });
  return id;
}

const startedIds = () => http.started.map(({ workflowId }) => workflowId.split(':').at(-1));
const setGroups = (groups: boolean | null) =>
  http.app.store.connections.changeSettings(scope, connectionId, { groups });
const messageOf = async (gatewayId: string) =>
  await http.db
    .knex('messages')
    .where({ source_key: `${connectionId}:${gatewayId}` })
    .first();

describe('a message from the connection itself', () => {
  it('starts a workflow of its own, whatever its receiver is known by', async () => {
    await apply(typed('O1'), typed('O2', { to: null, lid: '27561' }), typed('O1'));
    expect(startedIds()).toEqual(['O1', 'O2']);
    expect(await messageOf('O2')).toMatchObject({ own: 1, direction: 'inbound' });
  });

  it('teaches nothing about a hidden identity when it is history', async () => {
    const { identities } = http.app.store;
    const old = { channel: 'whatsapp', value: '+60111111111' } as const;
    await identities.learn(scope, connectionId, [{ lid: '27580', phone: ANNA }]);
    await apply(typed('P1', { history: true, at: Date.now() - 3_600_000, to: old, lid: '27580' }));
    expect(await identities.phoneOf(scope, connectionId, '27580')).toEqual(ANNA);
    await apply(typed('P2', { to: old, lid: '27580' }));
    expect(await identities.phoneOf(scope, connectionId, '27580')).toEqual(old);
  });

  it('is not shown when it is older than the connection, to nobody that is named, or to itself', async () => {
    const itself = { channel: 'whatsapp' as const, value: '+60111000111' };
    const own = { address_key: http.app.store.contacts.keyOf(itself) };
    await http.db.knex('connections').where({ id: connectionId }).update(own);
    const before = startedIds().length;
    await apply(
      typed('O3', { history: true, at: Date.now() - 3_600_000 }),
      typed('O4', { to: null }),
      typed('O5', { to: itself }),
    );
    expect(startedIds()).toHaveLength(before);
    await apply(typed('O6', { history: true }));
    expect(startedIds()).toContain('O6');
    expect(await http.db.knex('echoes').whereIn('gateway_id', ['O3', 'O4', 'O5'])).toHaveLength(3);
  });

  it('that was left waiting is taken up by the loop, once', async () => {
    const { messages } = http.app.store;
    await messages.recordEcho(scope, { connectionId, ...common('O7'), to: ANNA, mayBeOwn: true });
    await takeDueOwn(http.app);
    await takeDueOwn(http.app);
    expect(startedIds().filter((id) => id === 'O7')).toHaveLength(1);
  });
});

test('the echo of a send in doubt proves it, also in a chat that goes by a hidden identity', async () => {
  const { store } = http.app;
  await store.installations.install(scope, { companyId: null, grant: grantOf() });
  await store.connections.recordProbe(scope, connectionId, { kind: 'connected' });
  await store.identities.learn(scope, connectionId, [{ lid: '27580', phone: ANNA }]);
  const message = await store.messages.acceptOutbound(scope, typedInGhl({ address: ANNA, text: 'In doubt' }));
  const claim = await store.messages.claimPart(scope, message.messageId);
  if (claim.kind !== 'granted') throw new Error(claim.kind);
  await store.messages.recordOutcome(claim.claim, OUTCOMES.timeout, 0);
  await apply(typed('E1', { to: null, lid: '27580', content: { v: 1, text: 'In doubt' } }));
  expect(startedIds()).not.toContain('E1');
  expect(http.woken.map(({ messageId }) => messageId)).toContain(message.messageId);
  const part = await http.db.knex('message_parts').where({ message_id: message.messageId }).first();
  expect(part).toMatchObject({ state: 'sent', gateway_id: 'E1' });
});

describe('groups', () => {
  afterEach(() => setGroups(null));

  it('are left alone unless the connection takes part in them', async () => {
    const before = startedIds().length;
    const id = await apply(said('G1', { group: { id: GROUP.value } }), typed('G2', { to: GROUP }));
    expect(startedIds()).toHaveLength(before);
    const row = await http.db.knex('webhook_posts').where({ id }).first();
    expect(row.state).toBe('applied');
  });

  it('are one chat when it does, in which every text names its sender', async () => {
    await setGroups(true);
    const group = { group: { id: GROUP.value } };
    await apply(
      said('G3', { ...group, name: 'Ben' }),
      said('G4', { ...group, from: null, lid: '27562', name: 'Cem' }),
      typed('G5', { to: GROUP }),
    );
    const rows = await Promise.all(['G3', 'G4', 'G5'].map(messageOf));
    expect(new Set(rows.map((row) => row.lane_id)).size).toBe(1);
    const exported = await http.app.store.exports.messages(scope, {}, '');
    const texts = exported.lines
      .filter((line) => line['address'] === GROUP.value)
      .map((line) => (line['content'] as { text: string }).text);
    expect(texts.sort()).toEqual(['Ben: hi', 'Cem: hi', 'hi']);
  });

  it('teach who their members are, and what they are called', async () => {
    await setGroups(true);
    await apply(said('G6', { group: { id: GROUP.value }, lid: '27563' }), {
      kind: 'contacts',
      pairs: [{ lid: '27564', phone: '+60130000009' }],
      names: [
        { group: GROUP.value, name: 'Family' },
        { phone: '+60130000009', name: 'Ben' },
      ],
    });
    const { identities, chats } = http.app.store;
    expect(await identities.phoneOf(scope, connectionId, '27563')).toEqual(ANNA);
    expect(await identities.phoneOf(scope, connectionId, '27564')).toMatchObject({ value: '+60130000009' });
    expect(await chats.groupName(scope, GROUP)).toBe('Family');
    await apply(said('G7', { group: { id: GROUP.value }, from: null, lid: '27564' }));
    const exported = await http.app.store.exports.messages(scope, {}, '');
    expect(JSON.stringify(exported.lines)).toContain('+60130000009: hi');
  });
});

describe('a group with two numbers of the location', () => {
  const second = { channel: 'whatsapp', value: '+60111000222' } as const;
  const groups = (id: string, on: boolean | null) =>
    http.app.store.connections.changeSettings(scope, id, { groups: on });
  afterEach(() => setGroups(null));

  it('hears what one of them says from itself, not from the other one', async () => {
    const other = await http.app.store.connections.connect(scope, connectInput());
    const own = { address_key: http.app.store.contacts.keyOf(second) };
    await http.db.knex('connections').where({ id: other.connectionId }).update(own);
    await setGroups(true);
    const group = { group: { id: GROUP.value }, name: 'Shop' };
    await groups(other.connectionId, true);
    await apply(said('T1', { ...group, from: second }), said('T2', { ...group, from: ANNA }));
    expect(startedIds()).toEqual(expect.arrayContaining(['T2']));
    expect(startedIds()).not.toContain('T1');
    // It takes no part in groups itself, so nobody else tells of it.
    await groups(other.connectionId, null);
    await apply(said('T3', { ...group, from: second }));
    expect(startedIds()).toContain('T3');
  });
});

test('a sender with a hidden identity is its number, as soon as that was told', async () => {
  await apply(said('H1', { from: null, lid: '27570' }));
  await apply(said('H2', { lid: '27570' }));
  await apply(said('H3', { from: null, lid: '27570' }));
  const keys = await Promise.all(['H1', 'H2', 'H3'].map(async (id) => (await messageOf(id)).address_key as string));
  expect(keys[1]).toBe(http.app.store.contacts.keyOf(ANNA));
  expect(keys[2]).toBe(keys[1]);
  expect(keys[0]).not.toBe(keys[1]);
});
