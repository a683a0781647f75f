import { resolveContact, resolveContactAnew } from '../../activities/contact';
import type { ActivityDeps } from '../../activities/deps';
import { markRead } from '../../activities/markRead';
import { lidAddress, type Address } from '../../src/domain/address';
import { DomainError } from '../../src/domain/errors';
import { inboundParts } from '../../src/domain/parts';
import { addressOf, openLine, type Granted, type Line } from '../store/line';
import { accessOf } from '../support/ghlAccess';
import { openTestStore } from '../support/store';
import type { TestStore } from '../support/storeAt';

const GROUP = { channel: 'whatsapp', value: '120363000000000001@g.us' } as const;
const HIDDEN = lidAddress('27560000001');

let ledger: TestStore;
let line: Line;
beforeEach(async () => {
  ledger = await openTestStore({ kind: 'sqlite' });
  line = await openLine(ledger);
});
afterEach(() => ledger.close());

const ghl = {
  upsertContact: jest.fn().mockResolvedValue({ contactId: 'contact-of-number', isNew: true }),
  createContact: jest.fn().mockResolvedValue('contact-made'),
  findConversation: jest.fn().mockResolvedValue('conversation-found'),
  markRead: jest.fn().mockResolvedValue(undefined),
};
const warn = jest.fn();
beforeEach(() => jest.clearAllMocks());
const deps = () => ({ app: { store: ledger.store, ghl, logger: { warn } } }) as unknown as ActivityDeps;

async function arrivesFrom(from: Address, more: { name?: string; own?: boolean } = {}): Promise<Granted> {
  const content = { v: 1 as const, text: 'Hi' };
  const input = { ...line.inbound(), from, content, parts: inboundParts(content), ...more };
  return await line.grant(await ledger.store.messages.acceptInbound(line.scope, input));
}

const resolve = (granted: Granted) => resolveContact(deps(), accessOf('t'), granted);

test.each([
  ['a hidden identity, as it shows itself', HIDDEN, 'Aisyah', 'Aisyah'],
  ['a hidden identity that shows no name', HIDDEN, undefined, 'WhatsApp contact'],
  ['a group whose name nobody has told', GROUP, undefined, 'WhatsApp group'],
])('%s gets a contact without phone, once', async (_name, from, shown, called) => {
  const granted = await arrivesFrom(from, { name: shown });
  expect(await resolve(granted)).toMatchObject({ contactId: 'contact-made' });
  expect(await resolve(granted)).toMatchObject({ contactId: 'contact-made' });
  expect(ghl.createContact.mock.calls.map(([, input]: unknown[]) => input)).toEqual([{ ...line.scope, name: called }]);
  expect(ghl.upsertContact).not.toHaveBeenCalled();
});

test('a group is called by its subject', async () => {
  await ledger.store.chats.nameGroup(line.scope, line.connectionId, GROUP, 'Family');
  await resolve(await arrivesFrom(GROUP));
  expect(ghl.createContact).toHaveBeenCalledWith(expect.anything(), { ...line.scope, name: 'Family' });
});

test('a message of a hidden identity goes to the number that was learnt after it came', async () => {
  const granted = await arrivesFrom(HIDDEN, { name: 'Aisyah' });
  await ledger.store.identities.learn(line.scope, line.connectionId, [
    { lid: '27560000001', phone: addressOf('anna') },
  ]);
  expect(await resolve(granted)).toMatchObject({ contactId: 'contact-of-number' });
  expect(ghl.upsertContact).toHaveBeenCalledWith(expect.anything(), {
    ...line.scope,
    phone: addressOf('anna').value,
    name: 'Aisyah',
  });
  expect(ghl.createContact).not.toHaveBeenCalled();
});

test('a contact that is gone is made anew', async () => {
  const granted = await arrivesFrom(HIDDEN);
  await resolve(granted);
  await resolveContactAnew(deps(), granted);
  await resolve(granted);
  expect(ghl.createContact).toHaveBeenCalledTimes(2);
});

const posted = { kind: 'posted', ghlMessageId: 'm', contactId: 'c', conversationId: 'conversation-1' } as const;
const read = async (
  own: boolean,
  outcome: typeof posted | (Omit<typeof posted, 'conversationId'> & { conversationId: null }),
) => markRead(deps(), accessOf('t'), await arrivesFrom(addressOf('anna'), { own }), outcome);

test('what was typed on the phone marks its conversation as read, what a customer writes does not', async () => {
  expect(await read(false, posted)).toBe(posted);
  expect(ghl.markRead).not.toHaveBeenCalled();
});

test('a file that comes behind its words marks nothing: they have done so, and a question may stand between', async () => {
  const granted = await arrivesFrom(addressOf('anna'), { own: true });
  const ofFile = { ...granted, claim: { ...granted.claim, n: 2 } };
  expect(await markRead(deps(), accessOf('t'), ofFile, posted)).toBe(posted);
  expect(ghl.markRead).not.toHaveBeenCalled();
});

test.each([
  ['the one that GHL named', posted, 'conversation-1'],
  ['the one that is found, when GHL named none', { ...posted, conversationId: null }, 'conversation-found'],
])('it is %s', async (_name, outcome, conversationId) => {
  await read(true, outcome);
  expect(ghl.markRead.mock.calls.map(([, query]: unknown[]) => query)).toEqual([{ ...line.scope, conversationId }]);
});

test('a post stands although its conversation can not be marked, and that is tried again', async () => {
  const busy = new DomainError('ghl_unavailable', 'later', 'GHL gave no answer.');
  ghl.markRead.mockRejectedValueOnce(busy);
  expect(await read(true, posted)).toBe(posted);
  expect(ghl.markRead).toHaveBeenCalledTimes(2);
  expect(warn).not.toHaveBeenCalled();
});

test('a refusal for good is not repeated, and said', async () => {
  ghl.markRead.mockRejectedValueOnce(new DomainError('ghl_forbidden', 'never', 'Denied.'));
  expect(await read(true, posted)).toBe(posted);
  expect(ghl.markRead).toHaveBeenCalledTimes(1);
  expect(warn).toHaveBeenCalledTimes(1);
});
