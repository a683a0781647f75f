import type { Address } from '../domain/address';
import { notFound } from '../domain/errors';
import type { Scope, StoreContext, Trx } from './context';
import { knownContactOf, type ContactRow, type KnownContact } from './contacts';
import { phoneOf } from './identities';
import { tellOptOutAnew } from './optOuts';
import type { IdentityRow } from './peopleRows';

/** A hidden identity whose number is known, and for which a contact of its own had been made before. */
export interface DueMerge extends Scope {
  identityId: string;
  phone: Address;
  /** The contact that was made for the hidden identity. */
  hidden: KnownContact;
  /** The contact that is remembered for the number, if any. */
  known: KnownContact | null;
  /** True: its messages are being posted anew to the number's contact. */
  moving: boolean;
  /** How often in a row GHL could not be asked. */
  tries: number;
}

const BATCH = 20;
/** Who takes one up has so long; then it is taken up again. */
const TAKEN_MS = 120_000;

/** Returns (at most 20) merges that are due, and puts off their next turn. Those with nothing to merge are settled. */
export async function takeDueMerges(ctx: StoreContext): Promise<DueMerge[]> {
  const now = await ctx.db.now();
  const due = ctx.db.knex<IdentityRow>('identities').where('merge_due_at', '<=', now).orderBy('merge_due_at');
  const merges: DueMerge[] = [];
  for (const row of await due.limit(BATCH)) {
    const merge = await mergeOf(ctx, row);
    const taken = await ctx.db
      .knex<IdentityRow>('identities')
      .where({ id: row.id, merge_due_at: row.merge_due_at })
      .update({ merge_due_at: merge === null ? null : now + TAKEN_MS });
    if (merge !== null && taken > 0) merges.push(merge);
  }
  return merges;
}

async function mergeOf(ctx: StoreContext, row: IdentityRow): Promise<DueMerge | null> {
  const contactOf = async (key: string): Promise<KnownContact | null> => {
    const name = { location_id: row.location_id, address_key: key };
    return knownContactOf(await ctx.db.knex<ContactRow>('contacts').where(name).first());
  };
  const left = row.merge_from === null ? null : { contactId: row.merge_from, conversationId: null, providerId: null };
  const hidden = left ?? (await contactOf(row.lid_key));
  if (hidden === null) return null;
  return {
    locationId: row.location_id,
    identityId: row.id,
    phone: phoneOf(ctx, row),
    hidden,
    known: await contactOf(row.address_key),
    moving: row.merge_from !== null,
    tries: row.merge_tries,
  };
}

/** Puts a merge's next turn off, and notes how often in a row it failed. */
export async function postponeMerge(
  ctx: StoreContext,
  scope: Scope,
  identityId: string,
  { ms, tries }: { ms: number; tries: number },
): Promise<void> {
  const now = await ctx.db.now();
  await ctx.db
    .knex<IdentityRow>('identities')
    .where({ id: identityId, location_id: scope.locationId })
    .update({ merge_due_at: now + ms, merge_tries: tries });
}

/**
 * Ends a merge: nothing resolves to the hidden identity's contact any more, unless that has become the number's, which
 * `adopted` says. Throws not_found for another location's identity.
 */
export async function finishMerge(
  ctx: StoreContext,
  scope: Scope,
  identityId: string,
  adopted: KnownContact | null,
): Promise<void> {
  await ctx.db.tx(async (trx) => {
    const row = await lockIdentity(trx, scope, identityId);
    const now = await ctx.db.now(trx);
    await forgetHidden(trx, row);
    if (adopted !== null) await remember(trx, row, adopted, now);
    else await tellOptOutAnew(trx, row, now);
    await trx<IdentityRow>('identities').where({ id: row.id }).update({ merge_due_at: null, merge_from: null });
  });
}

async function remember(trx: Trx, row: IdentityRow, adopted: KnownContact, now: number): Promise<void> {
  const contact: ContactRow = {
    location_id: row.location_id,
    address_key: row.address_key,
    contact_id: adopted.contactId,
    conversation_id: adopted.conversationId,
    provider_id: adopted.providerId,
    updated_at: now,
  };
  await trx<ContactRow>('contacts').insert(contact).onConflict(['location_id', 'address_key']).merge();
}

/** Forgets which contact was made for a hidden identity. */
export async function forgetHidden(trx: Trx, { location_id, lid_key }: IdentityRow): Promise<void> {
  await trx<ContactRow>('contacts').where({ location_id, address_key: lid_key }).delete();
}

/** Locks an identity of the location. Throws not_found for another location's. */
export async function lockIdentity(trx: Trx, scope: Scope, id: string): Promise<IdentityRow> {
  const name = { id, location_id: scope.locationId };
  const row = await trx<IdentityRow>('identities').where(name).forUpdate().first();
  if (row === undefined) throw notFound('identity');
  return row;
}
