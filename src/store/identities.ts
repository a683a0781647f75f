import { lidAddress, type Address } from '../domain/address';
import { inboundLaneId } from '../domain/ids';
import { addressKey } from './messages/codec';
import { newId, type Scope, type StoreContext, type Trx } from './context';
import type { ContactRow } from './contacts';
import { ownConnection } from './find';
import { keepOptOut } from './optOutsKept';
import type { IdentityRow } from './peopleRows';
import type { MessageRow } from './rows';

/** A hidden identity (LID, its digits alone) and the phone number of the same person. */
export interface Pair {
  lid: string;
  phone: Address;
}

/** The contact of a hidden identity may be made just while its number is learnt: then it is looked for once more. */
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
    const known = await findLearnt(ctx.db.knex, ctx, scope, connectionId, pair);
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
  pair: Pair,
  now: number,
): Promise<void> {
  const { lid, phone } = pair;
  const known = await findLearnt(trx, ctx, scope, connectionId, pair);
  const address_key = addressKey(ctx.crypto, phone);
  if (known?.address_key === address_key) return;
  const id = newId(now);
  const hidden = lidAddress(lid);
  const lid_key = addressKey(ctx.crypto, hidden);
  const made = { location_id: scope.locationId, address_key: lid_key };
  // Looked for first: what is under way has its contact before it ends, so that one of the two is seen.
  const lane = { lane_id: inboundLaneId(connectionId, lid_key), open: 1 as const };
  const underWay = await trx<MessageRow>('messages').where(lane).first('id');
  const contact = await trx<ContactRow>('contacts').where(made).first('contact_id');
  const lookAgainAt = underWay === undefined ? null : now + LOOK_AGAIN_MS;
  const row: IdentityRow = {
    id,
    location_id: scope.locationId,
    connection_id: connectionId,
    lid_key,
    lid_sealed: ctx.crypto.seal(hidden.value, `identities/${id}/lid`),
    address_key,
    address_sealed: ctx.crypto.seal(phone.value, `identities/${id}/address`),
    learnt_at: now,
    merge_due_at: contact === undefined ? lookAgainAt : now,
    merge_from: null,
    merge_tries: 0,
  };
  // The id goes along: what is sealed opens under its own row's id only.
  await trx<IdentityRow>('identities').insert(row).onConflict(['connection_id', 'lid_key']).merge();
  await keepOptOut(trx, row, now);
}

/** Returns the phone number of a hidden identity that writes to a connection, null while the location knows none. */
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

/**
 * Returns the row of a hidden identity, inside a transaction or outside: the connection's own, else the newest of the
 * location's other connections, for a number that one of them has asked about is not asked about again.
 */
export async function findIdentity(
  db: StoreContext['db']['knex'],
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  lid: string,
): Promise<IdentityRow | undefined> {
  const rows = await db<IdentityRow>('identities')
    .where({ location_id: scope.locationId, lid_key: addressKey(ctx.crypto, lidAddress(lid)) })
    .orderBy('learnt_at', 'desc');
  return rows.find((row) => row.connection_id === connectionId) ?? rows[0];
}

/** Returns what is known of a pair's hidden identity on the very connection. */
async function findLearnt(
  db: StoreContext['db']['knex'],
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  { lid }: Pair,
): Promise<IdentityRow | undefined> {
  const found = await findIdentity(db, ctx, scope, connectionId, lid);
  return found?.connection_id === connectionId ? found : undefined;
}
