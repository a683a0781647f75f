import type { Trx } from './context';
import type { ConnectionRow, LocationRow } from './rows';

/** Returns a connection's row by id, or null; for rows that a message of the same location already names. */
export async function findConnection(trx: Trx, id: string | null): Promise<ConnectionRow | null> {
  if (id === null) return null;
  return (await trx<ConnectionRow>('connections').where({ id }).first()) ?? null;
}

/** Returns a location's row, or null. */
export async function findLocation(trx: Trx, locationId: string): Promise<LocationRow | null> {
  return (await trx<LocationRow>('locations').where({ location_id: locationId }).first()) ?? null;
}
