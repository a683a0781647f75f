import type { Scope, StoreContext, Trx } from './context';
import { newId } from './context';
import { NOTHING_DUE, type OptOutRow } from './optOuts';
import type { IdentityRow } from './peopleRows';

/** A hidden identity and its number, by their keyed hashes. */
type Pair = Pick<IdentityRow, 'location_id' | 'lid_key' | 'address_key'>;

/**
 * Notes under a number what its person has said under the hidden identity: the word outlives the pair, which an erasure
 * takes. The later word counts; what follows from it is due where it was said. One transaction with what learns the pair.
 */
export async function keepOptOut(trx: Trx, { location_id, lid_key, address_key }: Pair, now: number): Promise<void> {
  const said = await trx<OptOutRow>('opt_outs').where({ location_id, address_key: lid_key }).first();
  if (said === undefined) return;
  const known = await trx<OptOutRow>('opt_outs').where({ location_id, address_key }).forUpdate().first();
  if (known !== undefined && known.said_at >= said.said_at) return;
  const { connection_id, message_id, state, said_at, since } = said;
  const word = { connection_id, message_id, state, said_at, since, tries: 0, ...NOTHING_DUE };
  if (known !== undefined) {
    await trx<OptOutRow>('opt_outs').where({ id: known.id }).update(word);
    return;
  }
  const blank = { id: newId(now), location_id, address_key, contact_id: null, taken_until: null };
  const insert = trx<OptOutRow>('opt_outs').insert({ ...blank, ...word });
  await insert.onConflict(['location_id', 'address_key']).merge(word);
}

/** The same for all pairs of a location that are about to be deleted; `which` narrows them down. */
export async function keepOptOuts(
  trx: Trx,
  { locationId }: Scope,
  now: number,
  which: { connectionId: string } | { addressKeys: string[] } | null,
): Promise<void> {
  const pairs = trx<IdentityRow>('identities as i')
    .join<OptOutRow>('opt_outs as o', (said) => {
      said.on('o.location_id', 'i.location_id').andOn('o.address_key', 'i.lid_key');
    })
    .where('i.location_id', locationId);
  if (which !== null && 'connectionId' in which) void pairs.where('i.connection_id', which.connectionId);
  if (which !== null && 'addressKeys' in which) void pairs.whereIn('i.address_key', which.addressKeys);
  const rows = await pairs.orderBy('i.learnt_at').select<Pair[]>('i.location_id', 'i.lid_key', 'i.address_key');
  for (const pair of rows) await keepOptOut(trx, pair, now);
}

/** In a transaction of its own, before an erasure. */
export async function keepOptOutsOf(ctx: StoreContext, scope: Scope, addressKeys: string[] | null): Promise<void> {
  await ctx.db.tx(async (trx) => {
    await keepOptOuts(trx, scope, await ctx.db.now(trx), addressKeys && { addressKeys });
  });
}
