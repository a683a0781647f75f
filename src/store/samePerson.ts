import type { Knex } from 'knex';
import type { Trx } from './context';
import type { IdentityRow } from './peopleRows';

/** One of the names of a person in a location. */
export interface Name {
  location_id: string;
  /** The keyed hash of the address. */
  address_key: string;
}

/**
 * Returns all keyed addresses under which the person of one is known, that one first: the number that the gateway gave
 * for it (Brazil's ninth digit, Mexico's old 521), hidden identities of both, or the number of a hidden identity.
 */
export async function namesOfPerson(trx: Trx, name: Name): Promise<string[]> {
  const rows = (await trx.unionAll(nameQueries(trx, name))) as { name: string }[];
  return [...new Set([name.address_key, ...rows.map((row) => row.name)])];
}

/**
 * Returns the questions for a person's other names, each a column `name`. Every question has an index of its own: they
 * are asked at every claim, and one with an OR reads all of a location on MySQL.
 */
export function nameQueries(trx: Trx, { location_id, address_key }: Name): Knex.QueryBuilder[] {
  const numbers = () => trx('numbers as n').where({ 'n.location_id': location_id, 'n.address_key': address_key });
  const identities = (known: Partial<IdentityRow>) => trx('identities').where({ location_id, ...known });
  return [
    numbers().whereNotNull('n.number_key').select('n.number_key as name'),
    numbers()
      .join('identities as i', (same) => {
        same.on('i.location_id', 'n.location_id').andOn('i.address_key', 'n.number_key');
      })
      .select('i.lid_key as name'),
    identities({ address_key }).select('lid_key as name'),
    identities({ lid_key: address_key }).select('address_key as name'),
  ];
}
