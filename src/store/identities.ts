import { lidAddress, type Address } from '../domain/address';
import { addressKey } from './messages/codec';
import { newId, type Scope, type StoreContext, type Trx } from './context';
import type { ContactRow } from './contacts';
import { ownConnection } from './find';
import type { IdentityRow } from './rows';

/** A hidden identity (LID, its digits alone) and the phone number of the same person. */
export interface Pair {
  lid: string;
  phone: Address;
}

/** The contact of a hidden identity may be made just while its number is learnt: it is looked for once more then. */
const LOOK_AGAIN_MS = 60_000;

/**
 * Remembers which phone number a hidden identity is, on one connection; what is known already costs one look. The
 * newest word counts: a person keeps the identity when the number changes. Throws not_found for another location's
 * connection.
 */
export async function learnPairs(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  pairs: readonly Pair[],
): Promise<void> {
  for (const pair of pairs) {
    const known = await findIdentity(ctx.db.knex, ctx, scope, connectionId, pair.lid);
    if (known?.address_key === addressKey(ctx.crypto, pair.phone)) continue;
    await ctx.db.tx(async (trx) => {
      await ownConnection(trx, scope, connectionId);
      await learnPair(ctx, trx, scope, connectionId, pair, await ctx.db.now(trx));
    });
  }
}

/** The same inside a transaction; the connection is known to be the location's. */
export async function learnPair(
  ctx: StoreContext,
  trx: Trx,
  scope: Scope,
  connectionId: string,
  { lid, phone }: Pair,
  now: number,
): Promise<void> {
  const known = await findIdentity(trx, ctx, scope, connectionId, lid);
  const address_key = addressKey(ctx.crypto, phone);
  if (known?.address_key === address_key) return;
  const id = newId(now);
  const hidden = lidAddress(lid);
  const lid_key = addressKey(ctx.crypto, hidden);
  const made = { location_id: scope.locationId, address_key: lid_key };
  const contact = await trx<ContactRow>('contacts').where(made).first('contact_id');
  const row: IdentityRow = {
    id,
    location_id: scope.locationId,
    connection_id: connectionId,
    lid_key,
    lid_sealed: ctx.crypto.seal(hidden.value, `identities/${id}/lid`),
    address_key,
    address_sealed: ctx.crypto.seal(phone.value, `identities/${id}/address`),
    learnt_at: now,
    merge_due_at: contact === undefined ? now + LOOK_AGAIN_MS : now,
    merge_from: null,
    merge_tries: 0,
  };
  // The id goes along: what is sealed opens under its own row's id only.
  await trx<IdentityRow>('identities').insert(row).onConflict(['connection_id', 'lid_key']).merge();
}

/** Returns the phone number of a hidden identity on a connection of the location, null while it is not known. */
export async function phoneOfLid(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  lid: string,
): Promise<Address | null> {
  const row = await findIdentity(ctx.db.knex, ctx, scope, connectionId, lid);
  return row === undefined ? null : phoneOf(ctx, row);
}

/** Returns the number of a row. */
export function phoneOf(ctx: StoreContext, row: Pick<IdentityRow, 'id' | 'address_sealed'>): Address {
  return { channel: 'whatsapp', value: ctx.crypto.open(row.address_sealed, `identities/${row.id}/address`) };
}

/** Returns the row of a hidden identity, inside a transaction or outside. */
export async function findIdentity(
  db: StoreContext['db']['knex'],
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  lid: string,
): Promise<IdentityRow | undefined> {
  const name = { connection_id: connectionId, lid_key: addressKey(ctx.crypto, lidAddress(lid)) };
  return await db<IdentityRow>('identities')
    .where({ ...name, location_id: scope.locationId })
    .first();
}
