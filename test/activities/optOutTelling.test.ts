import { tellOptOut } from '../../src/commands/tellOptOut';
import { fresh, openLine } from '../store/line';
import { LOCATION, openReconcileWorld, type ReconcileWorld } from '../support/reconcileWorld';

let world: ReconcileWorld;
let contactId: string;
beforeEach(async () => {
  world = await openReconcileWorld();
  const contact = { phone: '+60123456789', name: 'Anna', tags: ['vip'], dndSettings: { Email: { status: 'active' } } };
  contactId = world.ghl.addContact(LOCATION, contact).id;
  await world.line.send(await world.line.accept({ contactId }));
});
afterEach(() => world.close());

/** Does what is due, as the loop does. */
async function tellDue(): Promise<void> {
  const { app, tokens, ledger } = world;
  for (const task of await ledger.store.optOuts.takeDue(10)) await tellOptOut(app, tokens, task);
}
const say = (text: string) => world.line.arrives({ text, gatewayId: fresh('IN') });
const contact = () => world.ghl.contacts(LOCATION)[0]!;
const dnd = () => (contact().fields['dndSettings'] as { SMS?: { status: string } }).SMS?.status;
const confirmations = async () => await world.ledger.db.knex('messages').where({ source: 'optout' });

it('sets DND for SMS and nothing else of the contact, and confirms on the same number, once', async () => {
  await say('STOP');
  await tellDue();
  await say('stop');
  world.ledger.clock.advance(3_600_000);
  await tellDue();
  expect(dnd()).toBe('active');
  expect(contact()).toMatchObject({
    tags: ['vip'],
    fields: { name: 'Anna', dndSettings: { Email: { status: 'active' } } },
  });
  const [confirmation, ...more] = await confirmations();
  expect(more).toEqual([]);
  expect(confirmation).toMatchObject({ connection_id: world.line.connectionId, contact_id: contactId });
  expect(world.started.map(({ messageId }) => messageId)).toContain(confirmation.id);
  expect(await world.line.claim({ messageId: confirmation.id })).toMatchObject({
    kind: 'granted',
    part: { kind: 'text', text: expect.stringContaining('Reply START') },
  });
});

it('confirms once, also when the one who did it died before that was noted', async () => {
  await say('STOP');
  jest.spyOn(world.app.store.optOuts, 'finish').mockRejectedValueOnce(new Error('the process has died'));
  await expect(tellDue()).rejects.toThrow('died');
  world.ledger.clock.advance(60_000);
  await tellDue();
  expect(await confirmations()).toHaveLength(1);
});

it('confirms on the number that the contact wrote to, not on the first one of the location', async () => {
  const second = await openLine(world.ledger, { scope: world.line.scope, installed: false });
  await second.setConnection({ settings: JSON.stringify({ providers: ['another'] }) });
  await second.arrives({ text: 'STOP', gatewayId: fresh('IN') });
  await tellDue();
  expect(await confirmations()).toMatchObject([{ connection_id: second.connectionId }]);
});

it('lifts both on START, and confirms the next STOP anew', async () => {
  for (const word of ['STOP', 'START', 'STOP']) {
    world.ledger.clock.advance(2_000);
    await say(word);
    await tellDue();
    expect(dnd()).toBe(word === 'STOP' ? 'active' : 'inactive');
  }
  expect(await confirmations()).toHaveLength(2);
});

it('drops a confirmation that waited until the contact was back', async () => {
  await say('STOP');
  await tellDue();
  world.ledger.clock.advance(1_000);
  await say('START');
  const [{ id: messageId }] = await confirmations();
  expect(await world.line.claim({ messageId })).toMatchObject({ kind: 'done', state: 'cancelled' });
});

it('goes on until GHL has it, however long that is away, and confirms only once', async () => {
  world.ghl.fault({ operation: 'updateContact', end: 'status', status: 503, times: 3 });
  await say('STOP');
  for (let tries = 1; tries <= 3; tries++) {
    await tellDue();
    expect(dnd()).toBeUndefined();
    world.ledger.clock.advance(300_000);
  }
  await tellDue();
  expect(dnd()).toBe('active');
  expect(await confirmations()).toHaveLength(1);
  world.ledger.clock.advance(3_600_000);
  const asked = () => world.ghl.journal.entries.filter(({ operation }) => operation === 'updateContact').length;
  const before = asked();
  await tellDue();
  expect(asked()).toBe(before);
});

it('waits for the contact of somebody unknown, and gives up only when the word itself could not be posted', async () => {
  const word = await world.line.arrives({ from: 'zoe', text: 'STOP' });
  await tellDue();
  expect(await confirmations()).toEqual([]);
  const failed = { kind: 'failed', code: 'ghl_rejected', text: 'No.' } as const;
  await world.ledger.store.messages.recordPosted((await world.line.grant(word)).claim, failed);
  world.ledger.clock.advance(60_000);
  await tellDue();
  expect(await world.ledger.db.knex('opt_outs').where({ message_id: word.messageId }).first()).toMatchObject({
    state: 'out',
    due_at: null,
  });
});

it('says nothing of number, text or name in what it logs', async () => {
  world.ghl.deleteContact(contactId);
  await say('STOP');
  await tellDue();
  expect(world.logs()).toContain('GHL does not take an opt-out');
  for (const secret of ['60123456789', '+60-anna', 'Anna', 'STOP']) expect(world.logs()).not.toContain(secret);
});
