import { postToGhl } from '../../activities/postToGhl';
import type { ActivityDeps } from '../../activities/deps';
import { createTokenProofs } from '../../activities/tokenProofs';
import { DomainError } from '../../src/domain/errors';
import { addressOf, fresh, openLine, type Line } from '../store/line';
import { openTestStore } from '../support/store';
import type { TestStore } from '../support/storeAt';

/** What becomes of posts whose contact, or whose id in GHL, is not what they expect. GHL is played. */
const settings = { ghlProviders: [{ id: 'p', channel: 'sms', mode: 'default', deliverySecrets: [] }] };

let ledger: TestStore;
let line: Line;

beforeAll(async () => {
  ledger = await openTestStore({ kind: 'sqlite' });
});
afterAll(() => ledger.close());
beforeEach(async () => {
  line = await openLine(ledger);
});

function depsWith(ghl: object): ActivityDeps {
  const app = { settings, store: ledger.store, ghl, starter: {}, logger: { error: jest.fn(), warn: jest.fn() } };
  return { app, proofs: createTokenProofs() } as unknown as ActivityDeps;
}

async function post(message: { messageId: string }, ghl: object, on = line): Promise<void> {
  const granted = await on.grant(message);
  await ledger.store.messages.recordPosted(granted.claim, await postToGhl(depsWith(ghl), granted, performance.now()));
}

test('a contact without a number that is gone each time is not made anew for ever', async () => {
  const message = await ledger.store.messages.acceptInbound(line.scope, {
    ...line.inbound(),
    from: { channel: 'whatsapp', value: '120363000000000009@g.us' },
  });
  const createContact = jest.fn(() => Promise.resolve(fresh('made')));
  const gone = new DomainError('ghl_contact_gone', 'never', 'gone');
  const ghl = { createContact, addInboundMessage: () => Promise.reject(gone) };
  const waits = [];
  for (let round = 0; round < 10; round++) {
    const before = ledger.clock.now;
    await post(message, ghl);
    ledger.clock.now = Math.max(before, (await line.message(message)).not_before);
    waits.push(ledger.clock.now - before);
  }
  expect(createContact).toHaveBeenCalledTimes(4);
  expect(waits[0]).toBe(0);
  expect(Math.min(...waits.slice(1))).toBeGreaterThan(1_000);
  expect(waits.at(-1)).toBe(300_000);
});

test('a post that is found under the id of another message is there, and ends', async () => {
  const other = await openLine(ledger, { scope: line.scope, installed: false });
  const gatewayId = fresh('SAME');
  const [first, second] = [await line.arrives({ gatewayId }), await other.arrives({ gatewayId })];
  const ghlMessageId = fresh('ghl');
  const posted = { kind: 'posted' as const, ghlMessageId, contactId: 'group', conversationId: null };
  await ledger.store.messages.recordPosted((await line.grant(first)).claim, posted);
  await ledger.store.messages.recordPosted((await other.grant(second)).claim, posted);
  expect(await line.message(first)).toMatchObject({ state: 'delivered', ghl_message_id: ghlMessageId });
  expect(await other.message(second)).toMatchObject({ state: 'delivered', ghl_message_id: null });
});

test('what was typed on the phone before a question does not count as an answer to it', async () => {
  const markRead = jest.fn();
  const addInboundMessage = () => Promise.resolve({ messageId: fresh('g'), conversationId: 'conv' });
  const upsertContact = () => Promise.resolve({ contactId: 'anna', isNew: false });
  const ghl = { markRead, addInboundMessage, upsertContact };
  const typed = async (gatewayId: string) => {
    const echo = { connectionId: line.connectionId, gatewayId, to: addressOf('anna'), mayBeOwn: true };
    const content = { v: 1 as const, text: gatewayId };
    await ledger.store.messages.recordEcho(line.scope, { ...echo, content, at: ledger.clock.now });
    return async () => (await ledger.store.messages.takeOwn(line.scope, line.connectionId, gatewayId)).accepted;
  };
  const sending = await line.grant(await line.accept({ to: 'ben', text: 'to somebody else' }));
  ledger.clock.advance(1_000);
  const late = await typed(fresh('LATE'));
  expect(await late()).toBeNull();
  ledger.clock.advance(10_000);
  await post(await line.arrives({ from: 'anna', text: 'a question' }), ghl);
  await line.record(sending, { kind: 'accepted', gatewayId: fresh('SENT') });
  await post((await late())!, ghl);
  expect(markRead).not.toHaveBeenCalled();
  ledger.clock.advance(1_000);
  await post((await (await typed(fresh('ANSWER')))())!, ghl);
  expect(markRead).toHaveBeenCalledTimes(1);
});
