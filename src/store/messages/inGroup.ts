import type { Scope, Trx } from '../context';
import type { ConnectionRow, MessageRow, PartRow } from '../rows';
import { sourceKeyOf } from './sourceKey';

/** A message of a group, as one of the numbers that are in it has posted it. */
interface Said {
  source: string;
  connectionId: string;
  gatewayId: string;
  /** The keyed hash of the group. */
  key: string;
}

/**
 * Returns the message that a location has already of one that arrived in a group, through whichever of its numbers: what
 * another of them has posted here, or what we sent through it. WhatsApp gives a group's message one id for all members.
 * The caller holds the group's lane, which all numbers of the location share.
 */
export async function findInGroup(
  trx: Trx,
  scope: Scope,
  { source, connectionId, gatewayId, key }: Said,
): Promise<MessageRow | undefined> {
  const own = { location_id: scope.locationId };
  const numbers = await trx<ConnectionRow>('connections').where(own).pluck('id');
  const sourceKeys = numbers.map((id) => sourceKeyOf(id, gatewayId));
  const arrived = await trx<MessageRow>('messages')
    .where({ ...own, source })
    .whereIn('source_key', sourceKeys);
  const mine = sourceKeyOf(connectionId, gatewayId);
  const known = arrived.find((row) => row.source_key === mine) ?? arrived.find((row) => row.address_key === key);
  if (known !== undefined) return known;
  const sent = await trx<PartRow>('message_parts')
    .where({ ...own, gateway_id: gatewayId, address_key: key })
    .whereIn('connection_id', numbers)
    .first('message_id');
  return sent && (await trx<MessageRow>('messages').where({ id: sent.message_id }).first());
}
