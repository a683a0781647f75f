import { outboundLaneId, parkingLaneId } from '../../domain/ids';
import type { Channel } from '../../domain/address';
import { routeOf, type RoutableConnection, type Route, type RoutingRules } from '../../domain/routing';
import type { Scope, Trx } from '../context';
import type { IdentityRow } from '../peopleRows';
import type { ConnectionRow, LocationRow, MessageRow } from '../rows';

/** What is asked of a message to find its way. */
export interface RoutedMessage {
  channel: Channel;
  providerId: string | null;
  contactId: string;
  /** The keyed hash of its receiver; null: there is none. */
  addressKey: string | null;
}

/** Returns a location's connections, oldest first. */
export async function connectionsOf(trx: Trx, scope: Scope): Promise<ConnectionRow[]> {
  return await trx<ConnectionRow>('connections')
    .where({ location_id: scope.locationId })
    .orderBy([{ column: 'created_at' }, { column: 'id' }]);
}

/**
 * Returns the way of a message among its location's connections. `tags`: the contact's in GHL, null while nobody has
 * asked. With one connection there is nothing to choose, and nothing is looked up.
 */
export async function routeAmong(
  trx: Trx,
  scope: Scope,
  connections: readonly ConnectionRow[],
  message: RoutedMessage,
  tags: readonly string[] | null,
): Promise<Route> {
  const { channel, providerId } = message;
  const several = connections.length > 1;
  return routeOf({
    channel,
    providerId,
    connections: connections.map(routable),
    unfinishedOn: several ? await unfinishedOn(trx, scope, connections, message.contactId) : null,
    lastOn: several ? await lastOn(trx, scope, message) : null,
    tags,
    rules: several ? await rulesOfLocation(trx, scope) : NO_RULES,
  });
}

/** Returns whether a contact has messages of the channel that wait for their way: what is accepted later waits behind them. */
export async function isParked(trx: Trx, scope: Scope, { contactId, channel }: RoutedMessage): Promise<boolean> {
  const parked = { lane_id: parkingLaneId(scope.locationId), open: 1 as const, party: contactId, channel };
  return (await trx<MessageRow>('messages').where(parked).first('id')) !== undefined;
}

const NO_RULES: RoutingRules = { tagConnections: [], defaultConnection: null };

function routable({ id, channel, settings }: ConnectionRow): RoutableConnection {
  const { providers } = JSON.parse(settings) as Pick<RoutableConnection, 'providers'>;
  return { id, channel, providers };
}

async function rulesOfLocation(trx: Trx, scope: Scope): Promise<RoutingRules> {
  const row = await trx<LocationRow>('locations').where({ location_id: scope.locationId }).first('settings');
  return { ...NO_RULES, ...(JSON.parse(row?.settings ?? '{}') as Partial<RoutingRules>) };
}

async function unfinishedOn(
  trx: Trx,
  scope: Scope,
  connections: readonly ConnectionRow[],
  contactId: string,
): Promise<string | null> {
  const lanes = connections.map((connection) => outboundLaneId(connection.id));
  const unfinished = await trx<MessageRow>('messages')
    .where({ location_id: scope.locationId, party: contactId, open: 1, direction: 'outbound' })
    .whereIn('lane_id', lanes)
    .first('connection_id');
  return unfinished?.connection_id ?? null;
}

/** The newest message that was written to the contact, or that it wrote: by its number, or a hidden identity of it. */
async function lastOn(trx: Trx, scope: Scope, { channel, addressKey }: RoutedMessage): Promise<string | null> {
  if (addressKey === null) return null;
  const name = { location_id: scope.locationId, address_key: addressKey };
  const hidden = await trx<IdentityRow>('identities').where(name).distinct().pluck<string[]>('lid_key');
  const last = await trx<MessageRow>('messages')
    .where({ location_id: scope.locationId, channel })
    .whereIn('address_key', [addressKey, ...hidden])
    .whereNotNull('connection_id')
    .whereNotNull('written_at')
    .orderBy('id', 'desc')
    .first('connection_id');
  return last?.connection_id ?? null;
}
