import type { GatewayEvent } from '../../src/channels/gateway';
import { createApplyLine } from '../../src/commands/applyLine';
import { applyWebhookPost } from '../../src/commands/applyWebhookPost';
import type { WakeRef } from '../../src/store/context';
import type { WebhookPost } from '../../src/store/webhookPosts';
import { connected } from '../support/gatewayPosts';
import { startHttpApp, type HttpApp } from '../support/httpApp';

let events: GatewayEvent[] = [];
let http: HttpApp;
let connectionId: string;
const scope = { locationId: 'loc1' };
beforeAll(async () => {
  http = await startHttpApp({ gateway: { parseWebhook: () => events } });
  ({ connectionId } = await connected(http, 'loc1'));
});
afterAll(() => http.close());

const said = (gatewayId: string, own: Partial<Extract<GatewayEvent, { kind: 'message' }>> = {}): GatewayEvent => ({
  kind: 'message',
  gatewayId,
  from: { channel: 'whatsapp', value: '+60198765432' },
  at: Date.now(),
  history: false,
  content: { v: 1, text: `text of ${gatewayId}` },
  ...own,
});

async function stored(raw = 'raw'): Promise<WebhookPost> {
  const id = await http.app.store.posts.store(scope, connectionId, Buffer.from(raw));
  return { id, ...scope, connectionId, raw: Buffer.from(raw) };
}

async function apply(...what: GatewayEvent[]): Promise<string> {
  events = what;
  const post = await stored();
  await applyWebhookPost(http.app, post);
  return post.id;
}

const stateOf = async (id: string) =>
  await http.db.knex('webhook_posts').where({ id }).first<object>('state', 'due_at');
const startedIds = () => http.started.map(({ workflowId }) => workflowId.split(':').at(-1));

test('a message is accepted once, however often it is posted', async () => {
  const id = await apply(said('M1'), said('M1'));
  await apply(said('M1'));
  expect(await stateOf(id)).toEqual({ state: 'applied', due_at: null });
  expect(startedIds().filter((name) => name === 'M1')).toHaveLength(1);
});

test('a sender that can not be resolved is kept and counted, never guessed', async () => {
  const id = await apply(said('M2', { from: null }));
  expect(await stateOf(id)).toEqual({ state: 'junk', due_at: null });
  expect(startedIds()).not.toContain('M2');
});

test('history from before the connection is left out, later history is not', async () => {
  await apply(said('M3', { history: true, at: Date.now() - 3_600_000 }), said('M4', { history: true }));
  expect(startedIds()).not.toContain('M3');
  expect(startedIds()).toContain('M4');
});

test('an own message is kept as an echo, a receipt as a receipt', async () => {
  const to = { channel: 'whatsapp', value: '+60198765432' } as const;
  await apply(
    { kind: 'own', gatewayId: 'E1', to, at: Date.now(), history: false, content: { v: 1, text: 'sent' } },
    { kind: 'receipt', gatewayId: 'E1', level: 'read' },
  );
  expect(await http.db.knex('echoes').where({ gateway_id: 'E1' })).toHaveLength(1);
  expect(await http.db.knex('receipts').where({ gateway_id: 'E1', level: 'read' })).toHaveLength(1);
});

test('news of the connection makes its probe due now', async () => {
  await http.db.knex('connections').where({ id: connectionId }).update({ probe_due_at: 9_999_999_999_999 });
  await apply({ kind: 'connection' }, { kind: 'ignored', what: 'presence' });
  const due = await http.app.store.connections.takeDueProbes();
  expect(due.map(({ id }) => id)).toContain(connectionId);
});

test('one bad entry loses none of the others, and the post stays due', async () => {
  events = [said('M5'), { kind: 'receipt', gatewayId: 'R5', level: 'delivered' }, said('M6')];
  const { messages } = http.app.store;
  const original = messages.recordReceipt;
  messages.recordReceipt = () => Promise.reject(new Error('lock wait'));
  const post = await stored();
  await expect(applyWebhookPost(http.app, post)).rejects.toThrow('lock wait');
  messages.recordReceipt = original;
  expect(startedIds()).toEqual(expect.arrayContaining(['M5', 'M6']));
  expect(await stateOf(post.id)).toMatchObject({ state: 'new' });
  await applyWebhookPost(http.app, post);
  expect(await stateOf(post.id)).toEqual({ state: 'applied', due_at: null });
  expect(startedIds().filter((name) => name === 'M5')).toHaveLength(1);
});

test('whoever an echo or receipt advances is woken', async () => {
  const ids = { messageId: 'm', workflowId: 'w', connectionId, contactId: 'c' };
  const wake: WakeRef = {
    ...scope,
    ...ids,
    direction: 'outbound',
    channel: 'whatsapp',
    state: 'delivered',
    claimed: true,
  };
  const { messages } = http.app.store;
  const original = messages.recordReceipt;
  messages.recordReceipt = () => Promise.resolve({ matched: true, wakes: [wake] });
  await apply({ kind: 'receipt', gatewayId: 'R6', level: 'delivered' });
  messages.recordReceipt = original;
  expect(http.woken).toContainEqual(wake);
});

test('a post of a connection that is gone is junk', async () => {
  const id = await http.app.store.posts.store(scope, 'conn-gone', Buffer.from('x'));
  await applyWebhookPost(http.app, { id, ...scope, connectionId: 'conn-gone', raw: Buffer.from('x') });
  expect(await stateOf(id)).toMatchObject({ state: 'junk' });
});

describe('the line behind the answers', () => {
  test('what is over its limits stays due in the store', async () => {
    events = [];
    const line = createApplyLine(http.app, { posts: 1, bytes: 1_000 });
    const [first, second] = [await stored(), await stored()];
    line.push(first);
    line.push(second);
    await line.drain();
    expect(await stateOf(first.id)).toMatchObject({ state: 'applied' });
    expect(await stateOf(second.id)).toMatchObject({ state: 'new' });
    const large = await stored('x'.repeat(1_001));
    line.push(large);
    await line.drain();
    expect(await stateOf(large.id)).toMatchObject({ state: 'new' });
  });

  test('applies the posts of one connection one after the other, those of another beside them', async () => {
    const { posts } = http.app.store;
    const original = posts.settle;
    const settled: string[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const line = createApplyLine(http.app);
    const [first, second] = [await stored(), await stored()];
    const elsewhere = await connected(http, 'locBeside');
    const body = Buffer.from('x');
    const id = await posts.store(elsewhere.scope, elsewhere.connectionId, body);
    const beside = { id, ...elsewhere.scope, connectionId: elsewhere.connectionId, raw: body };
    const mine = [first.id, second.id, beside.id];
    const done = new Promise<void>((resolve) => {
      posts.settle = async (...args) => {
        if (args[1] === first.id) await held;
        await original(...args);
        if (mine.includes(args[1])) settled.push(args[1]);
        if (args[1] === beside.id) resolve();
      };
    });
    for (const post of [first, second, beside]) line.push(post);
    await done;
    expect(settled).toEqual([beside.id]);
    release();
    await line.drain();
    posts.settle = original;
    expect(settled).toEqual([beside.id, first.id, second.id]);
  });

  test('a post that fails is tried again before the next one of its connection', async () => {
    const { connections } = http.app.store;
    const original = connections.get;
    const line = createApplyLine(http.app);
    const [first, second] = [await stored(), await stored()];
    connections.get = (...args) => {
      connections.get = original;
      return Promise.reject(new Error(`gone away ${String(args.length)}`));
    };
    line.push(first);
    line.push(second);
    await line.drain();
    expect(await stateOf(first.id)).toMatchObject({ state: 'applied' });
    expect(await stateOf(second.id)).toMatchObject({ state: 'applied' });
  });
});

describe('posts that another process has left behind', () => {
  const order = () => startedIds().filter((name) => name?.startsWith('L'));

  test('are applied before the next one of their connection, in the order in which they came', async () => {
    http.started.length = 0;
    const left = [await stored('L1'), await stored('L2')];
    const next = await stored('L3');
    const line = createApplyLine({ ...http.app, gateway: () => gatewayOf((raw) => [said(raw)]) });
    line.push(next);
    await line.drain();
    expect(order()).toEqual(['L1', 'L2', 'L3']);
    for (const { id } of left) expect(await stateOf(id)).toMatchObject({ state: 'applied' });
  });

  test('hold nobody up for long when they can not be applied', async () => {
    http.started.length = 0;
    await stored('bad');
    const gateway = () =>
      gatewayOf((raw) => {
        if (raw === 'bad') throw new Error('not to be applied');
        return [said(raw)];
      });
    const line = createApplyLine({ ...http.app, gateway });
    line.push(await stored('L4'));
    await line.drain();
    expect(order()).toEqual([]);
    await http.db.knex('webhook_posts').where({ state: 'new' }).update({ tries: 2 });
    line.push(await stored('L5'));
    await line.drain();
    expect(order()).toEqual(['L5']);
  });

  function gatewayOf(parse: (raw: string) => GatewayEvent[]) {
    return { ...http.app.gateway('waapify'), parseWebhook: (_: unknown, raw: Buffer) => parse(raw.toString()) };
  }
});
