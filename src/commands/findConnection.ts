import type { App } from '../app';
import { notFound } from '../domain/errors';
import type { ConnectionRow } from '../store/rows';

/** Returns the connection that an operator names, whosever it is. Throws `not_found`. */
export async function findConnection({ store }: Pick<App, 'store'>, id: string): Promise<ConnectionRow> {
  const connection = (await store.connections.list()).find((row) => row.id === id);
  if (connection === undefined) throw notFound('connection');
  return connection;
}
