import type { Knex } from 'knex';
import { CONTACTS_MS, CONVERSATION_MS, SAME_TEXT_MS, type ClassFacts, type Sent } from '../../domain/messageClass';
import type { Trx } from '../context';
import type { MessageRow } from '../rows';
import { nameQueries, type Name } from '../samePerson';

/** More of a sender's messages are not read on either side of a moment: whoever sends more than that answers nobody. */
const MOST = 64;

/**
 * Returns whether the contact of an outbound message has written within CONVERSATION_MS before `now`: under its address
 * or another name of the same person, to any number of the location. What was typed on our phone is not its word, and
 * what a gateway hands over days later counts by the time at which it was written.
 */
export async function hasWritten(
  trx: Trx,
  { location_id, address_key }: Pick<MessageRow, 'location_id' | 'address_key'>,
  now: number,
): Promise<boolean> {
  if (address_key === null) return false;
  const words = await ofPerson(trx, { location_id, address_key }, 'written_at', (messages) => {
    void messages.where({ direction: 'inbound', own: 0 }).orderBy('written_at', 'desc');
  });
  return words.some((at) => at > now - CONVERSATION_MS);
}

/** Returns whether a message that may be claimed waits for a person, under any of its names. */
export async function isWaitedFor(trx: Trx, name: Name): Promise<boolean> {
  const waiting = await ofPerson(trx, name, 'lane_id', (messages) => {
    void messages.where({ claimable: 1, direction: 'outbound' });
  });
  return waiting.length > 0;
}

/**
 * Returns one column of the first message to or from a person, for each of its names that has such a message. For each
 * name by a question of its own: a join would begin with all messages of the location.
 */
async function ofPerson<K extends 'written_at' | 'lane_id'>(
  trx: Trx,
  name: Name,
  column: K,
  narrow: (messages: Knex.QueryBuilder) => void,
): Promise<NonNullable<MessageRow[K]>[]> {
  const names = trx.unionAll([trx.raw('select ? as name', [name.address_key]), ...nameQueries(trx, name)]);
  const messages = trx('messages').where({ location_id: name.location_id });
  void messages.whereRaw('messages.address_key = person.name').select(column).limit(1);
  narrow(messages);
  const found = await trx.from(names.as('person')).select<{ found: MessageRow[K] }[]>(messages.as('found'));
  return found.map((row) => row.found).filter((value) => value !== null);
}

/** What `recentOf` is asked of a message: it may not be stored yet. */
export type Judged = Pick<MessageRow, 'location_id' | 'sender' | 'content_key' | 'classed_at'>;

/** Returns what a message's sender sent around the moment at which it is judged: one query, whatever is counted. */
export async function recentOf(trx: Trx, message: Judged): Promise<Pick<ClassFacts, 'near' | 'sameText' | 'more'>> {
  const { location_id, sender, content_key, classed_at: at } = message;
  const bySender = { location_id, sender };
  const sameText = { ...bySender, content_key };
  const sides = [
    earlier(trx, bySender, 'near', at, CONTACTS_MS),
    later(trx, bySender, 'near', at, CONTACTS_MS),
    earlier(trx, sameText, 'sameText', at, SAME_TEXT_MS),
    later(trx, sameText, 'sameText', at, SAME_TEXT_MS),
  ];
  const rows = (await trx.unionAll(sides.map((side) => trx.select('*').from(side.as('side'))))) as RecentRow[];
  const of = (list: string): RecentRow[] => rows.filter((row) => row.list === list);
  const isFull = (list: RecentRow[]): boolean =>
    list.filter((row) => row.classed_at <= at).length >= MOST ||
    list.filter((row) => row.classed_at > at).length >= MOST;
  const [near, same] = [of('near'), of('sameText')];
  return { near: near.map(sentOf), sameText: same.map(sentOf), more: isFull(near) || isFull(same) };
}

type RecentRow = Pick<MessageRow, 'party' | 'classed_at' | 'answers'> & { list: string };

function earlier(trx: Trx, by: Partial<MessageRow>, list: string, at: number, ms: number): Knex.QueryBuilder {
  const past = recent(trx, by, list)
    .where('classed_at', '>', at - ms)
    .where('classed_at', '<=', at);
  return past.orderBy('classed_at', 'desc');
}

function later(trx: Trx, by: Partial<MessageRow>, list: string, at: number, ms: number): Knex.QueryBuilder {
  const since = recent(trx, by, list)
    .where('classed_at', '>', at)
    .where('classed_at', '<', at + ms);
  return since.orderBy('classed_at');
}

function recent(trx: Trx, by: Partial<MessageRow>, list: string): Knex.QueryBuilder {
  return trx('messages')
    .where(by)
    .limit(MOST)
    .select('party', 'classed_at', 'answers', trx.raw('? as list', [list]));
}

function sentOf({ party, classed_at: at, answers }: RecentRow): Sent {
  return { party, at, answers: answers === 1 };
}
