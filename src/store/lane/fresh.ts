import type { Trx } from '../context';
import type { LaneDbRow, MessageRow } from '../rows';
import { namesOfPerson } from '../samePerson';
import { hasExchanged } from './charges';

/**
 * `fresh` 1: nothing was ever exchanged between a message's number and whom it goes to, under any of that person's names
 * and as far as the ledger goes back, so that sending it opens a conversation. Names are learnt while messages wait: it is
 * looked at once more before it counts.
 */

type Addressed = Pick<MessageRow, 'location_id' | 'connection_id' | 'address_key' | 'to_group'>;

/** Returns whether sending a message would open a conversation; a group is one already. */
export async function isFresh(trx: Trx, message: Addressed): Promise<0 | 1> {
  const { location_id, connection_id, address_key, to_group } = message;
  if (connection_id === null || address_key === null || to_group === 1) return 0;
  // Most that is known is known by the address that it has.
  if (await hasExchanged(trx, connection_id, [address_key])) return 0;
  const [, ...others] = await namesOfPerson(trx, { location_id, address_key });
  return others.length > 0 && (await hasExchanged(trx, connection_id, others)) ? 0 : 1;
}

type Party = Pick<MessageRow, 'location_id' | 'connection_id' | 'address_key'>;

/** Notes that what waits on a number for a person, under any of its names, opens no conversation any more. */
export async function markKnown(trx: Trx, { location_id, connection_id, address_key }: Party): Promise<void> {
  if (connection_id === null || address_key === null) return;
  const names = await namesOfPerson(trx, { location_id, address_key });
  await markFresh(trx, { location_id, connection_id }, names, 0);
}

type Contact = Pick<MessageRow, 'lane_id' | 'party'>;

/** The same for what waits for a contact: it may still have the number that was typed, which nothing leads to. */
export async function markContactKnown(trx: Trx, { lane_id, party }: Contact): Promise<void> {
  await trx<MessageRow>('messages').where({ lane_id, open: 1, party, claimable: 1, fresh: 1 }).update({ fresh: 0 });
}

/** Notes anew what opens a conversation among all that waits for a message's address, or for its contact. */
export async function contactAnew(trx: Trx, message: Addressed & Contact): Promise<void> {
  const { lane_id, party } = message;
  const others = await trx<MessageRow>('messages')
    .where({ lane_id, open: 1, party, to_group: 0 })
    .distinct()
    .pluck<(string | null)[]>('address_key');
  for (const address_key of new Set([message.address_key, ...others])) {
    if (address_key === null) continue;
    await markFresh(trx, message, [address_key], await isFresh(trx, { ...message, address_key }));
  }
}

async function markFresh(
  trx: Trx,
  { location_id, connection_id }: Pick<MessageRow, 'location_id' | 'connection_id'>,
  names: readonly string[],
  fresh: 0 | 1,
): Promise<void> {
  await trx<MessageRow>('messages')
    .where({ location_id, connection_id, direction: 'outbound', fresh: fresh === 1 ? 0 : 1 })
    .whereIn('address_key', names)
    // What is in hand is looked at again by its outcome.
    .where({ claimable: 1 })
    .update({ fresh });
}

/** Notes anew what opens a conversation among messages that have come to another number's lane. */
export async function freshAnew(trx: Trx, messages: readonly Pick<MessageRow, 'id'>[], lane: LaneDbRow): Promise<void> {
  for (const { id } of messages) {
    const row = await trx<MessageRow>('messages').where({ id }).first('location_id', 'address_key', 'to_group');
    if (row === undefined) continue;
    const fresh = await isFresh(trx, { ...row, connection_id: lane.connection_id });
    await trx<MessageRow>('messages').where({ id }).update({ fresh });
  }
}
