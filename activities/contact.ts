import { present } from '../src/domain/present';
import type { GhlAccess } from '../src/ghl/access';
import type { ClaimResult } from '../src/store/messages/claimResult';
import type { KnownContact } from '../src/store/contacts';
import type { ActivityDeps } from './deps';

type Granted = ClaimResult & { kind: 'granted' };

/** Returns the sender's GHL contact: the remembered one, else found or made once and remembered. */
export async function resolveContact(deps: ActivityDeps, access: GhlAccess, granted: Granted): Promise<KnownContact> {
  const { store, ghl } = deps.app;
  const { message, content, to: sender } = granted;
  const scope = { locationId: message.location_id };
  const known = await store.contacts.find(scope, senderKey(message));
  if (known !== null) return known;
  const { contactId } = await ghl.upsertContact(access, { ...scope, phone: sender.value, name: content.name });
  const contact = { contactId, conversationId: null, providerId: null };
  await store.contacts.remember(scope, senderKey(message), contact);
  return contact;
}

/** Forgets a contact that GHL says is gone (merged or deleted), so that it is resolved anew. */
export async function resolveContactAnew(deps: ActivityDeps, { message }: Granted): Promise<void> {
  await deps.app.store.contacts.forget({ locationId: message.location_id }, senderKey(message));
}

function senderKey(message: Granted['message']): string {
  return present(message.address_key, 'the sender of an inbound message');
}
