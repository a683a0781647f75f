import type { Knex } from 'knex';
import type { Scope, StoreContext } from './context';
import type { IdentityRow, NumberRow } from './peopleRows';
import type { MessageRow } from './rows';

/** Whose data is meant: all of a location's, or one contact's. */
export interface Subject {
  /** GHL's id of the contact; absent: everybody's. */
  contactId?: string;
}

/** By what a contact's rows are found. Two contacts with one number are one person here. */
export interface SubjectKeys {
  contactId: string;
  /** Keyed hashes of all addresses under which the contact is known. */
  addressKeys: string[];
}

/** Returns by what a subject's rows are found; null: by the location alone. */
export async function subjectOf(ctx: StoreContext, scope: Scope, { contactId }: Subject): Promise<SubjectKeys | null> {
  if (contactId === undefined) return null;
  const own = { location_id: scope.locationId, contact_id: contactId };
  const of = (table: string): Promise<string[]> =>
    ctx.db.knex(table).where(own).whereNotNull('address_key').distinct().pluck<string[]>('address_key');
  const known = [...new Set([...(await of('messages')), ...(await of('contacts'))])];
  const numbers = [...new Set([...known, ...(await otherNumbers(ctx, scope, known))])];
  return { contactId, addressKeys: [...new Set([...numbers, ...(await otherNames(ctx, scope, numbers))])] };
}

/** The same person by a hidden identity, and by the number that was learnt for it. */
async function otherNames(ctx: StoreContext, scope: Scope, keys: string[]): Promise<string[]> {
  const rows = await ctx.db
    .knex<IdentityRow>('identities')
    .where({ location_id: scope.locationId })
    .where((one) => void one.whereIn('address_key', keys).orWhereIn('lid_key', keys))
    .select('address_key', 'lid_key');
  return rows.flatMap(({ address_key, lid_key }) => [address_key, lid_key]);
}

/** The same account under another number: how it was asked for, and how the gateway knows it. */
async function otherNumbers(ctx: StoreContext, scope: Scope, keys: string[]): Promise<string[]> {
  const rows = await ctx.db
    .knex<NumberRow>('numbers')
    .where({ location_id: scope.locationId })
    .where((one) => void one.whereIn('address_key', keys).orWhereIn('number_key', keys))
    .select('address_key', 'number_key');
  return rows.flatMap(({ address_key, number_key }) =>
    number_key === null ? [address_key] : [address_key, number_key],
  );
}

/** Returns the question for a subject's messages; `keys` null: all of the location's. */
export function messagesOf(
  ctx: StoreContext,
  scope: Scope,
  keys: SubjectKeys | null,
): Knex.QueryBuilder<MessageRow, MessageRow[]> {
  const messages = ctx.db.knex<MessageRow>('messages').where({ location_id: scope.locationId });
  if (keys === null) return messages;
  return messages.where((one) => {
    void one.where({ contact_id: keys.contactId }).orWhereIn('address_key', keys.addressKeys);
  });
}
