import { notFound } from '../domain/errors';
import type { Scope, Trx } from './context';
import type { ConnectionRow } from './rows';

/** Returns a connection's row by id, or null; for rows that a message of the same location already names. */
export async function findConnection(trx: Trx, id: string | null): Promise<ConnectionRow | null> {
  if (id === null) return null;
  return (await trx<ConnectionRow>('connections').where({ id }).first()) ?? null;
}

/** Returns a connection of the location. Throws not_found for another location's. */
export async function ownConnection(trx: Trx, scope: Scope, id: string): Promise<ConnectionRow> {
  const row = await trx<ConnectionRow>('connections').where({ id, location_id: scope.locationId }).first();
  if (row === undefined) throw notFound('connection');
  return row;
}
