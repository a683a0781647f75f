import { missedOf } from '../../src/commands/missedOf';
import { reconcileOutage } from '../../src/commands/reconcileOutage';
import { OUTAGE_MS, SETTLE_MS } from '../../src/domain/outage';
import { presentOutage } from '../../src/http/presenters/outage';
import { LOCATION, openReconcileWorld, PROVIDER, type ReconcileWorld } from '../support/reconcileWorld';

let world: ReconcileWorld;
beforeEach(async () => {
  world = await openReconcileWorld();
});
afterEach(() => world.close());

/** Agents send in GHL while nobody takes the posts. */
async function sendUnheard(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const to = { locationId: LOCATION, phone: `+6012000${String(n).padStart(4, '0')}`, providerId: PROVIDER };
    const sent = await world.ghl.agentSends({ ...to, text: 'a private text', deliveryUrl: 'http://127.0.0.1:1/x' });
    ids.push(sent.messageId);
  }
  return ids;
}

/** The bridge is away while `during` happens, and looks at it afterwards, page by page. */
async function away(during: () => Promise<unknown>): Promise<void> {
  const { ledger } = world;
  ledger.clock.now = Date.now() - OUTAGE_MS;
  await ledger.store.outages.beat();
  await during();
  ledger.clock.now = Date.now() + 1;
  await ledger.store.outages.beat();
  ledger.clock.advance(SETTLE_MS);
}

async function lookAt(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const outage of await world.ledger.store.outages.takeDue(10))
      await reconcileOutage(world.app, world.tokens, outage);
    world.ledger.clock.advance(10_000);
  }
}

async function report() {
  const [outage] = await world.ledger.store.outages.list();
  return presentOutage(outage!, await missedOf(world.app, outage!));
}

it('reports what agents sent meanwhile and nobody got, and sends none of it', async () => {
  let lost: string[] = [];
  await away(async () => {
    lost = await sendUnheard(2);
    await world.ghl.agentSends({
      locationId: LOCATION,
      phone: '+60129999999',
      text: 'x',
      deliveryUrl: 'http://127.0.0.1:1/',
    });
    const here = world.ghl.messages(LOCATION)[2]!;
    await world.line.accept({ messageKey: here.id });
  });
  const rows = await world.ledger.db.knex('messages');
  await lookAt(1);
  expect(await report()).toMatchObject({
    state: 'looked',
    whole: true,
    unreceived: lost.map((messageId) => ({ messageId })),
  });
  expect(await world.ledger.db.knex('messages')).toEqual(rows);
  expect(world.started).toEqual([]);
  expect(await world.app.metrics.render()).toContain('bridge_unreceived_messages_total 2');
  const [line] = await world.ledger.db.knex('audit_log').where({ action: 'outage.reconciled' });
  expect(JSON.parse(line.detail)).toMatchObject({ unreceived: 2, whole: true });
  for (const secret of ['a private text', '6012000']) expect(world.logs() + JSON.stringify(line)).not.toContain(secret);
});

it('takes out of the list what GHL posts after all', async () => {
  await away(() => sendUnheard(1));
  await lookAt(1);
  const { messageId } = (await report()).unreceived[0]!;
  await world.line.accept({ messageKey: messageId });
  expect((await report()).unreceived).toEqual([]);
});

it('goes through page after page, and goes on where a request failed', async () => {
  let lost: string[] = [];
  await away(async () => {
    lost = await sendUnheard(25);
  });
  await lookAt(1);
  expect((await report()).state).toBe('looking');
  world.ghl.fault({ operation: 'searchConversations', end: 'status', status: 503 });
  await lookAt(3);
  const { state, whole, unreceived } = await report();
  expect({ state, whole }).toEqual({ state: 'looked', whole: true });
  expect(unreceived.map(({ messageId }) => messageId).sort()).toEqual([...lost].sort());
});

it('finds also what jumps over the place that it has reached, because somebody writes there meanwhile', async () => {
  let lost: string[] = [];
  await away(async () => {
    lost = await sendUnheard(25);
  });
  await lookAt(1);
  await sendUnheard(1);
  await lookAt(3);
  const { state, whole, unreceived } = await report();
  expect({ state, whole }).toEqual({ state: 'looked', whole: true });
  expect(unreceived.map(({ messageId }) => messageId)).toEqual(expect.arrayContaining(lost));
});

it('goes on past a conversation that somebody deletes meanwhile', async () => {
  let lost: string[] = [];
  await away(async () => {
    lost = await sendUnheard(3);
  });
  world.ghl.fault({ operation: 'conversationMessages', end: 'status', status: 404 });
  await lookAt(1);
  const { whole, unreceived } = await report();
  expect(whole).toBe(true);
  expect(unreceived).toHaveLength(2);
  expect(lost).toEqual(expect.arrayContaining(unreceived.map(({ messageId }) => messageId)));
});

it('says so where a conversation has more messages than are looked at, and looks at the others', async () => {
  let lost: string[] = [];
  await away(async () => {
    const { ghl } = world;
    const one = { locationId: LOCATION, phone: '+60121111111', providerId: PROVIDER, text: 'x' };
    const many = Array.from({ length: 101 }, () => ghl.agentSends({ ...one, deliveryUrl: 'http://127.0.0.1:1/x' }));
    await Promise.all(many);
    lost = await sendUnheard(22);
  });
  await lookAt(4);
  const { state, whole, unreceived } = await report();
  expect({ state, whole }).toEqual({ state: 'looked', whole: false });
  expect(unreceived.map(({ messageId }) => messageId)).toEqual(expect.arrayContaining(lost));
});

it('ends a look at a location in which too much happens, and says so', async () => {
  await away(() => Promise.resolve());
  let top = Date.now();
  // Between two requests every conversation of the first page gets a message.
  const recentConversations = (_access: unknown, { before = (top += 1_000) }: { before?: number }) =>
    Promise.resolve(
      Array.from({ length: 20 }, (_, n) => ({ conversationId: 'c', lastMessageAt: before - 1 - n * 40 })),
    );
  const ghl = { ...world.app.ghl, recentConversations, recentMessages: () => Promise.resolve(null) };
  const { store, clock } = world.ledger;
  let looks = 0;
  for (; (await report()).state === 'looking' && looks < 1_000; looks++) {
    for (const outage of await store.outages.takeDue(10))
      await reconcileOutage({ ...world.app, ghl }, world.tokens, outage);
    clock.advance(10_000);
  }
  expect(await report()).toMatchObject({ state: 'looked', whole: false });
});

it('says that it could not look where GHL refuses it', async () => {
  await away(() => sendUnheard(1));
  world.ghl.fault({ operation: 'searchConversations', end: 'status', status: 403 });
  await lookAt(1);
  expect(await report()).toMatchObject({ state: 'looked', whole: false, unreceived: [] });
});

it('of a number asks GHL nothing: what was sent there reached us', async () => {
  const { ledger, line } = world;
  await ledger.store.connections.recordProbe(line.scope, line.connectionId, {
    kind: 'held',
    state: 'relogin',
    text: '',
  });
  ledger.clock.advance(OUTAGE_MS);
  await ledger.store.connections.recordProbe(line.scope, line.connectionId, { kind: 'connected' });
  await lookAt(1);
  expect(await report()).toMatchObject({ connectionId: line.connectionId, state: 'looked', unreceived: [] });
  expect(world.ghl.journal.entries.filter(({ kind }) => kind === 'request')).toEqual([]);
});
