import { mergeContacts } from '../../src/commands/mergeContacts';
import type { GhlTokens } from '../../src/commands/tellPeople';
import { lidAddress } from '../../src/domain/address';
import { DomainError } from '../../src/domain/errors';
import { inboundParts } from '../../src/domain/parts';
import type { Claim } from '../../src/store/messages/claimResult';
import type { GhlClient } from '../../src/ghl/client';
import { addressOf, fresh, openLine, type Line } from '../store/line';
import { accessOf } from '../support/ghlAccess';
import { openTestStore } from '../support/store';
import type { TestStore } from '../support/storeAt';

const LID = '27560000001';
const HIDDEN = 'contact-hidden';

let ledger: TestStore;
let line: Line;
beforeEach(async () => {
  ledger = await openTestStore({ kind: 'sqlite' });
  line = await openLine(ledger);
});
afterEach(() => ledger.close());

const tokens: GhlTokens = {
  accessOf: async () => ({ access: accessOf('t'), version: 1 }),
  renewRefused: () => Promise.reject(new DomainError('token_refreshing', 'later', 'It is being renewed.')),
};

/** GHL knows nobody by this number and takes everything, unless a case says otherwise. */
function ghl(own: Partial<Record<keyof GhlClient, jest.Mock>> = {}) {
  return {
    findContact: jest.fn().mockResolvedValue(null),
    setContactPhone: jest.fn().mockResolvedValue(null),
    findConversation: jest.fn().mockResolvedValue('conversation-hidden'),
    listConversation: jest.fn().mockResolvedValue([]),
    deleteConversation: jest.fn().mockResolvedValue(undefined),
    ...own,
  };
}

const logged = jest.fn();
const woken = jest.fn().mockResolvedValue(undefined);

/** Takes what is due of the line and does one step of it. Returns whether something was due. */
async function step(client: ReturnType<typeof ghl>): Promise<boolean> {
  const due = (await ledger.store.identities.takeDueMerges())[0];
  const app = { store: ledger.store, ghl: client, starter: { wake: woken }, logger: { warn: logged } };
  if (due !== undefined) await mergeContacts(app as never, tokens, due);
  return due !== undefined;
}

const keyOf = () => ledger.store.contacts.keyOf(lidAddress(LID));
const find = (key: string) => ledger.store.contacts.find(line.scope, key);
const numberKey = () => ledger.store.contacts.keyOf(addressOf('anna'));

type Written = { messageId: string; gatewayId: string };

async function hiddenWrites(): Promise<Written> {
  const content = { v: 1 as const, text: 'Hi' };
  const input = { ...line.inbound({ gatewayId: fresh('IN') }), from: lidAddress(LID), content };
  const message = await ledger.store.messages.acceptInbound(line.scope, { ...input, parts: inboundParts(content) });
  return { messageId: message.messageId, gatewayId: input.gatewayId };
}

/** Somebody has written under a hidden identity, which has a contact; then the number is learnt. */
async function hiddenThenLearnt(): Promise<Written> {
  const message = await hiddenWrites();
  await post(message, HIDDEN);
  const contact = { contactId: HIDDEN, conversationId: null, providerId: 'provider-1' };
  await ledger.store.contacts.remember(line.scope, keyOf(), contact);
  await ledger.store.identities.learn(line.scope, line.connectionId, [{ lid: LID, phone: addressOf('anna') }]);
  return message;
}

async function post(message: { messageId: string }, contactId: string): Promise<void> {
  await recordPost((await line.grant(message)).claim, contactId);
}

async function recordPost(claim: Claim, contactId: string): Promise<void> {
  const ids = { ghlMessageId: fresh('ghl-message'), contactId, conversationId: null };
  await ledger.store.messages.recordPosted(claim, { kind: 'posted', ...ids });
}

test('the contact gets the number that nobody has, and keeps its provider', async () => {
  await hiddenThenLearnt();
  const client = ghl();
  await step(client);
  expect(client.setContactPhone).toHaveBeenCalledWith(expect.anything(), HIDDEN, addressOf('anna').value);
  expect(await find(numberKey())).toMatchObject({ contactId: HIDDEN, providerId: 'provider-1' });
  expect(await find(keyOf())).toBeNull();
  expect(client.deleteConversation).not.toHaveBeenCalled();
  ledger.clock.advance(4_000_000);
  expect(await step(client)).toBe(false);
});

test.each([
  ['GHL finds it by the number', { findContact: jest.fn().mockResolvedValue('contact-anna') }],
  ['GHL refuses the number twice', { setContactPhone: jest.fn().mockResolvedValue('contact-anna') }],
])('messages move to the contact that has the number: %s', async (_name, own) => {
  const { messageId, gatewayId } = await hiddenThenLearnt();
  const client = ghl({ ...own, listConversation: jest.fn().mockResolvedValue([{ id: '1', altId: gatewayId }]) });
  await step(client);
  expect(woken).toHaveBeenLastCalledWith([expect.objectContaining({ messageId })]);
  ledger.clock.advance(2_000);
  await step(client);
  expect(client.deleteConversation).not.toHaveBeenCalled();
  await post({ messageId }, 'contact-anna');
  ledger.clock.advance(2_000);
  await step(client);
  expect(client.deleteConversation).toHaveBeenCalledWith(expect.anything(), 'conversation-hidden');
  ledger.clock.advance(4_000_000);
  expect(await step(client)).toBe(false);
});

test('a post that was under way when the move began is moved too, and only then the conversation is deleted', async () => {
  const moved = await hiddenThenLearnt();
  const underWay = await hiddenWrites();
  const { claim } = await line.grant(underWay);
  const listed = [moved, underWay].map(({ messageId, gatewayId }) => ({ id: messageId, altId: gatewayId }));
  const client = ghl({
    findContact: jest.fn().mockResolvedValue('contact-anna'),
    listConversation: jest.fn().mockResolvedValue(listed),
  });
  await step(client);
  await recordPost(claim, HIDDEN);
  await post(moved, 'contact-anna');
  ledger.clock.advance(2_000);
  await step(client);
  expect(woken).toHaveBeenLastCalledWith([expect.objectContaining({ messageId: underWay.messageId })]);
  expect(client.deleteConversation).not.toHaveBeenCalled();
  await post(underWay, 'contact-anna');
  ledger.clock.advance(2_000);
  await step(client);
  expect(client.deleteConversation).toHaveBeenCalledTimes(1);
});

test("a contact that has become the number's during the move keeps what stands there", async () => {
  const message = await hiddenThenLearnt();
  const client = ghl({
    findContact: jest.fn().mockResolvedValue('contact-anna'),
    listConversation: jest.fn().mockResolvedValue([{ id: '1', altId: message.gatewayId }]),
  });
  await step(client);
  const contact = { contactId: HIDDEN, conversationId: null, providerId: null };
  await ledger.store.contacts.remember(line.scope, numberKey(), contact);
  await post(message, HIDDEN);
  ledger.clock.advance(2_000);
  await step(client);
  expect(await line.message(message)).toMatchObject({ open: 0, contact_id: HIDDEN });
  expect(client.deleteConversation).not.toHaveBeenCalled();
  ledger.clock.advance(4_000_000);
  expect(await step(client)).toBe(false);
});

test('messages to the number go to the contact that has it, also where the other one was remembered for it', async () => {
  await hiddenThenLearnt();
  const contact = { contactId: HIDDEN, conversationId: null, providerId: null };
  await ledger.store.contacts.remember(line.scope, numberKey(), contact);
  await step(ghl({ setContactPhone: jest.fn().mockResolvedValue('contact-anna') }));
  expect(await find(numberKey())).toMatchObject({ contactId: 'contact-anna' });
});

test.each([
  ['somebody else has written', [{ id: '2', altId: undefined }]],
  ['another message stands there', [{ id: '2', altId: 'ANOTHER' }]],
  ['there is too much to look through', null],
])('a conversation in which %s stays', async (_name, more) => {
  const { messageId, gatewayId } = await hiddenThenLearnt();
  const listed =
    more === null ? null : [{ id: '1', altId: gatewayId }, { id: '3', altId: `${gatewayId}:file` }, ...more];
  const own = { findContact: jest.fn().mockResolvedValue('contact-anna') };
  const client = ghl({ ...own, listConversation: jest.fn().mockResolvedValue(listed) });
  await step(client);
  await post({ messageId }, 'contact-anna');
  ledger.clock.advance(2_000);
  await step(client);
  expect(client.listConversation).toHaveBeenCalled();
  expect(client.deleteConversation).not.toHaveBeenCalled();
  ledger.clock.advance(4_000_000);
  expect(await step(client)).toBe(false);
});

test('GHL that is away is asked again, ever later, and never given up', async () => {
  await hiddenThenLearnt();
  const away = new DomainError('ghl_unavailable', 'later', 'GHL gave no answer.');
  const client = ghl({ findContact: jest.fn().mockRejectedValue(away) });
  for (let tries = 0; tries < 30; tries++) {
    expect(await step(client)).toBe(true);
    expect(await step(client)).toBe(false);
    ledger.clock.advance(Math.min(2_000 * 2 ** tries, 3_600_000));
  }
  const back = ghl();
  expect(await step(back)).toBe(true);
  expect(back.setContactPhone).toHaveBeenCalledTimes(1);
});

test.each([
  ['is gone', new DomainError('ghl_contact_gone', 'never', 'It is gone.'), 0],
  ['can not get it', new DomainError('ghl_forbidden', 'never', 'Denied.'), 1],
])('a contact that %s is left alone, and messages go to the number', async (_name, error, warnings) => {
  logged.mockClear();
  await hiddenThenLearnt();
  await step(ghl({ setContactPhone: jest.fn().mockRejectedValue(error) }));
  expect(await find(keyOf())).toBeNull();
  expect(logged).toHaveBeenCalledTimes(warnings);
  ledger.clock.advance(4_000_000);
  expect(await step(ghl())).toBe(false);
});

test('a refused token is renewed, and the merge comes back', async () => {
  await hiddenThenLearnt();
  const refused = new DomainError('ghl_unauthorized', 'later', 'Refused.');
  await step(ghl({ findContact: jest.fn().mockRejectedValue(refused) }));
  ledger.clock.advance(2_000);
  expect(await step(ghl())).toBe(true);
});
