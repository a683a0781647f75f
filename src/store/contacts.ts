import type { Address } from '../domain/address';
import { addressKey as keyOfAddress } from './messages/codec';
import type { Scope, StoreContext } from './context';

export interface KnownContact {
  contactId: string;
  conversationId: string | null;
  /** The provider of the contact's last exchange. */
  providerId: string | null;
}

export interface ContactRow {
  location_id: string;
  address_key: string;
  contact_id: string;
  conversation_id: string | null;
  provider_id: string | null;
  updated_at: number;
}

/** Returns the keyed hash by which the contact of an address is remembered. */
export function contactKeyOf(ctx: StoreContext, address: Address): string {
  return keyOfAddress(ctx.crypto, address);
}

/** Returns the GHL contact remembered for an address (by its keyed hash), or null. */
export async function findContact(ctx: StoreContext, scope: Scope, addressKey: string): Promise<KnownContact | null> {
  const row = await ctx.db
    .knex<ContactRow>('contacts')
    .where({ location_id: scope.locationId, address_key: addressKey })
    .first();
  return knownContactOf(row);
}

/** Returns what a row says, null for none. */
export function knownContactOf(row: ContactRow | undefined): KnownContact | null {
  return row === undefined
    ? null
    : { contactId: row.contact_id, conversationId: row.conversation_id, providerId: row.provider_id };
}

/**
 * Remembers (or corrects) the GHL contact of an address. Null fields keep what is known: of another contact only the
 * provider of the last exchange, for the conversation is that contact's own.
 */
export async function rememberContact(
  ctx: StoreContext,
  scope: Scope,
  addressKey: string,
  contact: KnownContact,
): Promise<void> {
  const now = await ctx.db.now();
  const known = await findContact(ctx, scope, addressKey);
  const isSame = known?.contactId === contact.contactId;
  const row = {
    contact_id: contact.contactId,
    conversation_id: contact.conversationId ?? (isSame ? known.conversationId : null),
    provider_id: contact.providerId ?? known?.providerId ?? null,
    updated_at: now,
  };
  await ctx.db
    .knex('contacts')
    .insert({ location_id: scope.locationId, address_key: addressKey, ...row })
    .onConflict(['location_id', 'address_key'])
    .merge(row);
}

/** Forgets the contact of an address: it was merged or deleted in GHL. */
export async function forgetContact(ctx: StoreContext, scope: Scope, addressKey: string): Promise<void> {
  await ctx.db.knex('contacts').where({ location_id: scope.locationId, address_key: addressKey }).delete();
}
