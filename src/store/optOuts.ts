import type { Address } from '../domain/address';
import type { Content } from '../domain/content';
import { optOutOf, stateAfterWord, stateOf, wordOfContent, type OptState, type OptWord } from '../domain/optOut';
import { DEFAULT_CONFIRMATION, DEFAULT_WORDS } from '../domain/optOutWords';
import { newId, type Trx } from './context';
import type { LocationRow, MessageRow } from './rows';
import { namesOfPerson, type Name } from './samePerson';

/** The last word of a contact: no messages, or messages. It outlives an erasure: no more messages means none. */
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

/** What arrived; `at` is the channel's time of it, epoch milliseconds. A phone's clock may be wrong. */
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
  { from, content, at: channelAt }: Said,
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
  // One of the future would make every later word an old one.
  const at = Math.min(channelAt, now);
  const ofPerson = await rowsOfPerson(trx, name);
  const known = ofPerson.at(-1);
  const state = stateAfterWord(known === undefined ? null : { state: known.state, saidAt: known.said_at }, word, at);
  if (state === null && known !== undefined) return await noteRepeated(trx, ofPerson, word, at);
  const confirms = word === 'stop' && confirmationOf(own) !== '';
  const due = { dnd_due: 1 as const, confirm_due: confirms ? (1 as const) : (0 as const), due_at: now };
  const change = {
    ...{ connection_id: message.connection_id, message_id: message.id, said_at: at, since: now, tries: 0 },
    // A start of somebody who never left is noted as well: the stop that was written before it may come behind it.
    ...(state === null ? { state: 'in' as const, ...NOTHING_DUE } : { state, ...due }),
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

/** The columns of a word from which nothing follows. */
export const NOTHING_DUE = { dnd_due: 0 as const, confirm_due: 0 as const, due_at: null };

/** The same word once more changes nothing but when it was last said: what was written before that comes too late. */
async function noteRepeated(trx: Trx, rows: OptOutRow[], word: OptWord, at: number): Promise<void> {
  const said = stateOf(word);
  const earlier = rows.filter((row) => row.state === said && row.said_at < at).map(({ id }) => id);
  if (earlier.length > 0) await trx<OptOutRow>('opt_outs').whereIn('id', earlier).update({ said_at: at });
}

/** Returns what is noted of a person under any of the names; the last word comes last. */
async function rowsOfPerson(trx: Trx, name: Name): Promise<OptOutRow[]> {
  return await trx<OptOutRow>('opt_outs')
    .where({ location_id: name.location_id })
    .whereIn('address_key', await namesOfPerson(trx, name))
    .orderBy('said_at');
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

/**
 * Has GHL told again of a person's opt-out, where that is the last word under all names: in GHL it is another contact
 * now. The person is not told again.
 */
export async function tellOptOutAnew(trx: Trx, name: Name, now: number): Promise<void> {
  const ofPerson = await rowsOfPerson(trx, name);
  if (ofPerson.at(-1)?.state !== 'out') return;
  const ids = ofPerson.filter(({ state }) => state === 'out').map(({ id }) => id);
  await trx<OptOutRow>('opt_outs').whereIn('id', ids).update({ dnd_due: 1, tries: 0, due_at: now });
}

/**
 * Returns whether the contact of an outbound message has opted out: known by its address, another number or a hidden
 * identity of the account, or as GHL's contact. Whatever name it was said under, the last word counts.
 */
export async function hasOptedOut(trx: Trx, message: MessageRow): Promise<boolean> {
  const { location_id, address_key, contact_id } = message;
  const names = address_key === null ? [] : await namesOfPerson(trx, { location_id, address_key });
  const noted = () => trx<OptOutRow>('opt_outs').where({ location_id }).select('state', 'said_at');
  const [last] = await noted()
    .whereIn('address_key', names)
    .unionAll(contact_id === null ? [] : [noted().where({ contact_id })])
    .orderBy('said_at', 'desc')
    .limit(1);
  return last?.state === 'out';
}
