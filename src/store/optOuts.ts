import type { Knex } from 'knex';
import type { Address } from '../domain/address';
import type { Content } from '../domain/content';
import { optOutOf, stateAfterWord, wordOfContent, type OptState } from '../domain/optOut';
import { DEFAULT_CONFIRMATION, DEFAULT_WORDS } from '../domain/optOutWords';
import { newId, type Trx } from './context';
import type { IdentityRow, LocationRow, MessageRow } from './rows';

/** A contact who has opted out, or has and is back. It outlives an erasure: no more messages means none. */
export interface OptOutRow {
  id: string;
  location_id: string;
  address_key: string;
  /** GHL's id of the contact, once it is known. */
  contact_id: string | null;
  connection_id: string;
  /** The inbound message that said the last word. */
  message_id: string;
  state: OptState;
  said_at: number;
  since: number;
  dnd_due: 0 | 1;
  confirm_due: 0 | 1;
  tries: number;
  due_at: number | null;
  taken_until: number | null;
}

/** What arrived; `at` is the channel's time of it, epoch milliseconds. */
interface Said {
  from: Address;
  content: Content;
  at: number;
}

interface OwnWords {
  stopWords?: string[];
  startWords?: string[];
  stopConfirmation?: string;
}

/**
 * Notes the opt-out that an inbound message is, or its end, in the transaction that takes the message: what follows from
 * it is due in the same row. The caller holds the lane of its sender, so one sender's words come one after the other.
 */
export async function noteOptOut(
  trx: Trx,
  message: MessageRow,
  { from, content, at }: Said,
  now: number,
): Promise<void> {
  const text = wordOfContent(from, content);
  if (text === null || message.address_key === null || message.connection_id === null) return;
  const own = await ownWords(trx, message.location_id);
  const word = optOutOf(text, {
    stop: own.stopWords ?? DEFAULT_WORDS.stop,
    start: own.startWords ?? DEFAULT_WORDS.start,
  });
  if (word === null) return;
  const name = { location_id: message.location_id, address_key: message.address_key };
  const ofPerson = await rowsOfPerson(trx, name);
  const known = ofPerson.at(-1);
  const state = stateAfterWord(known === undefined ? null : { state: known.state, saidAt: known.said_at }, word, at);
  if (state === null) return await noteRepeated(trx, ofPerson, at);
  const confirms = word === 'stop' && confirmationOf(own) !== '';
  const change = {
    ...{ state, connection_id: message.connection_id, message_id: message.id, said_at: at, since: now },
    ...{ dnd_due: 1 as const, confirm_due: confirms ? (1 as const) : (0 as const), tries: 0, due_at: now },
  };
  if (known === undefined) {
    const blank = { id: newId(now), contact_id: null, taken_until: null };
    const insert = trx<OptOutRow>('opt_outs').insert({ ...blank, ...name, ...change });
    await insert.onConflict(['location_id', 'address_key']).merge(change);
  } else {
    const ids = ofPerson.map(({ id }) => id);
    await trx<OptOutRow>('opt_outs').whereIn('id', ids).update(change);
  }
}

/** The same word once more changes nothing but when it was last said: what was written before that comes too late. */
async function noteRepeated(trx: Trx, rows: OptOutRow[], at: number): Promise<void> {
  const earlier = rows.filter(({ said_at: saidAt }) => saidAt < at).map(({ id }) => id);
  if (earlier.length > 0) await trx<OptOutRow>('opt_outs').whereIn('id', earlier).update({ said_at: at });
}

/** Returns what is noted of a person, by number and by hidden identity; the last word comes last. */
async function rowsOfPerson(trx: Trx, name: Name): Promise<OptOutRow[]> {
  return await trx<OptOutRow>('opt_outs')
    .where({ location_id: name.location_id })
    .where((one) => isPerson(trx, one, name))
    .orderBy('said_at');
}

type Name = Pick<OptOutRow, 'location_id' | 'address_key'>;

/** Narrows a question to the rows of one person: what was learnt of hidden identities makes two names one. */
function isPerson(trx: Trx, rows: Knex.QueryBuilder, { location_id, address_key }: Name): void {
  const identities = (known: Partial<IdentityRow>) => trx<IdentityRow>('identities').where({ location_id, ...known });
  void rows
    .where({ address_key })
    .orWhereIn('address_key', identities({ address_key }).select('lid_key'))
    .orWhereIn('address_key', identities({ lid_key: address_key }).select('address_key'));
}

async function ownWords(trx: Trx, locationId: string): Promise<OwnWords> {
  const location = await trx<LocationRow>('locations').where({ location_id: locationId }).first('settings');
  return JSON.parse(location?.settings ?? '{}') as OwnWords;
}

/** Returns what a location tells those who opt out; empty: nothing. */
function confirmationOf({ stopConfirmation }: OwnWords): string {
  return stopConfirmation ?? DEFAULT_CONFIRMATION;
}

/** Returns the same for a location by its id. */
export async function confirmationText(trx: Trx, locationId: string): Promise<string> {
  return confirmationOf(await ownWords(trx, locationId));
}

/** Where the confirmation of an opt-out comes from: the one message that goes to somebody who has opted out. */
export const OPT_OUT_SOURCE = 'optout';

/** Has GHL told again of a person's opt-out: in GHL it is another contact now. The person is not told again. */
export async function tellOptOutAnew(trx: Trx, name: Name, now: number): Promise<void> {
  await trx<OptOutRow>('opt_outs')
    .where({ location_id: name.location_id, state: 'out' })
    .where((one) => isPerson(trx, one, name))
    .update({ dnd_due: 1, tries: 0, due_at: now });
}

/**
 * Returns whether the contact of an outbound message has opted out: known by its address, a hidden identity or as GHL's
 * contact. Whatever name it was said under, the last word counts.
 */
export async function hasOptedOut(trx: Trx, message: MessageRow): Promise<boolean> {
  const { location_id, address_key, contact_id } = message;
  const last = await trx<OptOutRow>('opt_outs')
    .where({ location_id })
    .where((one) => {
      isPerson(trx, one, { location_id, address_key: address_key ?? '' });
      if (contact_id !== null) void one.orWhere({ contact_id });
    })
    .orderBy('said_at', 'desc')
    .first('state');
  return last?.state === 'out';
}
