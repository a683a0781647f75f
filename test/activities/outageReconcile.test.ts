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
    state: 'disconnected',
    text: '',
  });
  ledger.clock.advance(OUTAGE_MS);
  await ledger.store.connections.recordProbe(line.scope, line.connectionId, { kind: 'connected' });
  await lookAt(1);
  expect(await report()).toMatchObject({ connectionId: line.connectionId, state: 'looked', unreceived: [] });
  expect(world.ghl.journal.entries.filter(({ kind }) => kind === 'request')).toEqual([]);
});
