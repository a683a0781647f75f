import { isGroup, lidOf, type Address } from '../src/domain/address';
import { present } from '../src/domain/present';
import type { GhlAccess } from '../src/ghl/access';
import type { ClaimResult } from '../src/store/messages/claimResult';
import type { KnownContact } from '../src/store/contacts';
import type { ActivityDeps } from './deps';

type Granted = ClaimResult & { kind: 'granted' };

/** What somebody new is called of whom nothing is known. */
const NAMELESS_GROUP = 'WhatsApp group';
const NAMELESS_PERSON = 'WhatsApp contact';

/** Returns the sender's GHL contact: the remembered one, else found or made once and remembered. */
export async function resolveContact(deps: ActivityDeps, access: GhlAccess, granted: Granted): Promise<KnownContact> {
  const { store } = deps.app;
  const scope = scopeOfMessage(granted);
  const person = await personOf(deps, granted);
  const known = await store.contacts.find(scope, person.key);
  if (known !== null) return known;
  const contactId = await contactFor(deps, access, granted, person.address);
  const contact = { contactId, conversationId: null, providerId: null };
  await store.contacts.remember(scope, person.key, contact);
  return contact;
}

/** Forgets a contact that GHL says is gone (merged or deleted), so that it is resolved anew. */
export async function resolveContactAnew(deps: ActivityDeps, granted: Granted): Promise<void> {
  const { key } = await personOf(deps, granted);
  await deps.app.store.contacts.forget(scopeOfMessage(granted), key);
}

/** Found by phone where there is one: GHL has no other way to find a contact, so the others are remembered by us alone. */
async function contactFor(deps: ActivityDeps, access: GhlAccess, granted: Granted, person: Address): Promise<string> {
  const { ghl, store } = deps.app;
  const scope = scopeOfMessage(granted);
  const { name } = granted.content;
  if (isGroup(person)) {
    const subject = await store.chats.groupName(scope, person);
    return await ghl.createContact(access, { ...scope, name: subject ?? NAMELESS_GROUP });
  }
  if (lidOf(person) !== null) return await ghl.createContact(access, { ...scope, name: name ?? NAMELESS_PERSON });
  return (await ghl.upsertContact(access, { ...scope, phone: person.value, name })).contactId;
}

interface Person {
  address: Address;
  /** The keyed hash by which the contact is remembered. */
  key: string;
}

/** A hidden identity is the person whose number was learnt for it, also after the message was accepted. */
async function personOf(deps: ActivityDeps, { message, to }: Granted): Promise<Person> {
  const { identities, contacts } = deps.app.store;
  const lid = lidOf(to);
  const connectionId = message.connection_id;
  const scope = { locationId: message.location_id };
  const phone = lid === null || connectionId === null ? null : await identities.phoneOf(scope, connectionId, lid);
  if (phone !== null) return { address: phone, key: contacts.keyOf(phone) };
  return { address: to, key: present(message.address_key, 'the sender of an inbound message') };
}

function scopeOfMessage({ message }: Granted): { locationId: string } {
  return { locationId: message.location_id };
}
