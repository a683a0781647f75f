import { lidAddress } from '../../src/domain/address';
import type { TestStore } from '../support/storeAt';
import { addressOf, type Line } from './line';

/** A hidden identity that writes to a victim, its own number, and its group. */
export const VICTIM_LID = '27569999999';
export const VICTIM_NUMBER = { channel: 'whatsapp' as const, value: '+60169999999' };
export const VICTIM_GROUP = { channel: 'whatsapp' as const, value: '120363000000000009@g.us' };

/** Gives a location a hidden identity that is to be merged, a group with a name and a contact, and an open echo. */
export async function openPeople({ store, db }: TestStore, line: Line): Promise<void> {
  const { scope, connectionId } = line;
  const own = { address_key: store.contacts.keyOf(VICTIM_NUMBER) };
  await db.knex('connections').where({ id: connectionId }).update(own);
  const contact = { conversationId: null, providerId: null };
  const { contacts, identities, chats, messages } = store;
  await contacts.remember(scope, contacts.keyOf(lidAddress(VICTIM_LID)), { contactId: 'c-hidden', ...contact });
  await contacts.remember(scope, contacts.keyOf(VICTIM_GROUP), { contactId: 'c-group', ...contact });
  await identities.learn(scope, connectionId, [{ lid: VICTIM_LID, phone: addressOf('fay') }]);
  await chats.nameGroup(scope, connectionId, VICTIM_GROUP, 'Family');
  await messages.recordEcho(scope, {
    ...{ connectionId, gatewayId: 'TYPED-ID', to: addressOf('gus'), content: { v: 1, text: 'typed' } },
    ...{ at: 1, mayBeOwn: true },
  });
}

/** Returns the id of the victim's identity. */
export async function victimIdentity({ db }: TestStore, { scope }: Line): Promise<string> {
  const row = await db.knex('identities').where({ location_id: scope.locationId }).first('id');
  return (row as { id: string }).id;
}
