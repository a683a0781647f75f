import type { ActivityDeps } from '../../activities/deps';
import { createTokenProofs } from '../../activities/tokenProofs';
import { postToGhl } from '../../activities/postToGhl';
import { openLine } from '../store/line';
import { openTestStore } from '../support/store';
import type { TestStore } from '../support/storeAt';

let ledger: TestStore;
beforeEach(async () => {
  ledger = await openTestStore({ kind: 'sqlite' });
});
afterEach(() => ledger.close());

/** The bridge around one post, its contact known. */
async function claimed() {
  const line = await openLine(ledger);
  const message = await line.arrives();
  const granted = await line.grant(message);
  const contact = { contactId: 'contact-1', conversationId: null, providerId: null };
  await ledger.store.contacts.remember(line.scope, granted.message.address_key!, contact);
  const addInboundMessage = jest.fn().mockResolvedValue({ messageId: 'ghl-1', conversationId: 'conversation-1' });
  const settings = { ghlProviders: [{ id: 'provider-1', channel: 'sms', mode: 'default', deliverySecrets: [] }] };
  const app = { settings, store: ledger.store, ghl: { addInboundMessage }, starter: {}, logger: console };
  return { deps: { app, proofs: createTokenProofs() } as unknown as ActivityDeps, granted, addInboundMessage };
}

test('a claimed message is posted', async () => {
  const { deps, granted, addInboundMessage } = await claimed();
  expect(await postToGhl(deps, granted, performance.now())).toMatchObject({ kind: 'posted', ghlMessageId: 'ghl-1' });
  expect(addInboundMessage).toHaveBeenCalledTimes(1);
});

test('a process that was frozen since its claim gives it back unposted: somebody else may have posted it', async () => {
  const { deps, granted, addInboundMessage } = await claimed();
  const outcome = await postToGhl(deps, granted, performance.now() - 15_001);
  expect(outcome).toEqual({ kind: 'later', waitMs: 0, code: 'stale_claim' });
  expect(addInboundMessage).not.toHaveBeenCalled();
});
