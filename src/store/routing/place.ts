import { outboundLaneId, parkingLaneId } from '../../domain/ids';
import { present } from '../../domain/present';
import type { Route } from '../../domain/routing';
import type { Scope, Trx } from '../context';
import { lockLane } from '../lanes';
import type { ConnectionRow, LaneDbRow } from '../rows';
import { connectionsOf, isParked, routeAmong, type RoutedMessage } from './facts';

/** Where a message stands in line. */
export interface Place {
  /** Null: it is parked. */
  connection: ConnectionRow | null;
  /** Locked. */
  lane: LaneDbRow;
  /** It is parked until the tags of its contact are known. */
  asks: boolean;
}

/**
 * Returns the place of a message that is being accepted; `connectionId`: the one that it has to leave on. Where a location
 * has several connections the choice is made under the lock of its parking lane: two messages to one contact can not
 * get onto two numbers at once. A number that was connected while this waited for the parking lane has emptied it, so
 * the way is asked for again.
 */
export async function placeOf(trx: Trx, scope: Scope, message: PlacedMessage): Promise<Place> {
  const [only, ...others] = await connectionsOf(trx, scope);
  if (only !== undefined && others.length === 0) {
    const way = await wayOf(trx, scope, [only], message);
    if (way.kind === 'on') return await placeOn(trx, [only], way.connectionId);
  }
  const parking = await lockLane(trx, parkingLaneId(scope.locationId));
  const connections = await connectionsOf(trx, scope);
  const way = await wayOf(trx, scope, connections, message);
  if (way.kind === 'on') return await placeOn(trx, connections, way.connectionId);
  return { connection: null, lane: parking, asks: way.kind === 'ask' };
}

type PlacedMessage = RoutedMessage & { connectionId?: string };

async function wayOf(
  trx: Trx,
  scope: Scope,
  connections: readonly ConnectionRow[],
  message: PlacedMessage,
): Promise<Route> {
  const { connectionId } = message;
  if (connectionId !== undefined)
    return connections.some(({ id }) => id === connectionId) ? { kind: 'on', connectionId } : { kind: 'none' };
  if (connections.length > 1 && (await isParked(trx, scope, message))) return { kind: 'ask' };
  return await routeAmong(trx, scope, connections, message, null);
}

async function placeOn(trx: Trx, connections: readonly ConnectionRow[], connectionId: string): Promise<Place> {
  const chosen = connections.find(({ id }) => id === connectionId);
  const connection = present(chosen, 'a connection of the location');
  return { connection, lane: await lockLane(trx, outboundLaneId(connection.id)), asks: false };
}
