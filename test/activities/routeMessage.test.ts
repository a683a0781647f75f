import type { ActivityDeps } from '../../activities/deps';
import { routeMessage } from '../../activities/routeMessage';
import { DomainError } from '../../src/domain/errors';
import { connectInput, openLine, type Line } from '../store/line';
import { openTestStore } from '../support/store';
import type { TestStore } from '../support/storeAt';

let ledger: TestStore;
let line: Line;
let newer: string;
beforeEach(async () => {
  ledger = await openTestStore({ kind: 'sqlite' });
  line = await openLine(ledger);
  ({ connectionId: newer } = await ledger.store.connections.connect(line.scope, connectInput()));
  const tagConnections = [{ tag: 'vip', connectionId: newer }];
  await ledger.store.locations.changeSettings(line.scope, { tagConnections });
});
afterEach(() => ledger.close());

const getContact = jest.fn();
const warn = jest.fn();
beforeEach(() => jest.resetAllMocks());

/** Asks for a message's way `sinceMs` after it was accepted. Returns whether it has one, and on which number it is. */
async function route(sinceMs = 0): Promise<unknown[]> {
  const { messageId } = await line.accept();
  const starter = { wake: () => Promise.resolve(), refreshToken: () => Promise.resolve() };
  const app = { store: ledger.store, ghl: { getContact }, starter, logger: { warn } };
  const args = { v: 1, ...line.scope, messageId } as const;
  const found = await routeMessage({ app } as unknown as ActivityDeps, args, {
    ...{ kind: 'route', contactId: 'contact-anna' },
    sinceMs,
  });
  return [found, (await line.message({ messageId })).connection_id];
}

test('the number of a message is that of its contact’s tag in GHL', async () => {
  getContact.mockResolvedValue({ tags: ['vip'] });
  expect(await route()).toEqual([true, newer]);
  expect(getContact).toHaveBeenCalledWith(expect.objectContaining({ priority: 'low' }), 'contact-anna');
});

test('while GHL can not be asked it waits, for a minute', async () => {
  getContact.mockRejectedValue(new DomainError('ghl_unavailable', 'later', 'GHL is away.'));
  expect(await route(59_999)).toEqual([false, null]);
  expect(await route(60_000)).toEqual([true, line.connectionId]);
  expect(warn).toHaveBeenCalledTimes(1);
});

test('a contact that is gone has no tags', async () => {
  getContact.mockRejectedValue(new DomainError('ghl_contact_gone', 'never', 'It is gone.'));
  expect(await route()).toEqual([true, line.connectionId]);
});
