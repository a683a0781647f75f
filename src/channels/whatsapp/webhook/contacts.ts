import type { GatewayEvent, IdentityPair, KnownName } from '../../gateway';
import { list, record, type JsonRecord } from '../json';
import { cleanName } from './cleanName';
import { ignored } from './entries';
import { groupOf, partyOf } from './identity';

/** Where the names of one person may stand, by the engine's age; never bare digits, which may be either. */
const PERSON = ['id', 'jid', 'phoneNumber', 'pn', 'lid'];

/** Returns what contact lists and pairings (`{id, lid, notify}`, `{lid, pn}`) tell of people. */
export function contactEvents(payload: unknown): GatewayEvent[] {
  return [learned(records(payload), [], 'contacts')];
}

/** Returns what group lists (`{id, subject, participants}`) tell of groups and their members. */
export function groupEvents(payload: unknown): GatewayEvent[] {
  const groups = records(payload);
  const members = groups.flatMap((group) => records(group.participants));
  return [learned(members, groups.flatMap(groupName), 'group')];
}

function records(value: unknown): JsonRecord[] {
  return list(value)
    .map(record)
    .filter((entry) => entry !== undefined);
}

function learned(people: JsonRecord[], groupNames: KnownName[], what: string): GatewayEvent {
  const pairs = people.flatMap(pairOf);
  const names = [...groupNames, ...people.flatMap(personName)];
  if (pairs.length === 0 && names.length === 0) return ignored(what);
  return { kind: 'contacts', pairs, ...(names.length === 0 ? {} : { names }) };
}

function pairOf(person: JsonRecord): IdentityPair[] {
  const { address, lid } = partyOf(PERSON.map((field) => person[field]));
  return address === null || lid === undefined ? [] : [{ lid, phone: address.value }];
}

/** The name in the phone's own address book stands before the one that somebody shows. */
function personName(person: JsonRecord): KnownName[] {
  const name = cleanName(person.name) ?? cleanName(person.verifiedName) ?? cleanName(person.notify);
  const { address, lid } = partyOf(PERSON.map((field) => person[field]));
  if (name === undefined) return [];
  if (address !== null) return [{ phone: address.value, name }];
  return lid === undefined ? [] : [{ lid, name }];
}

function groupName(group: JsonRecord): KnownName[] {
  const id = groupOf(group.id);
  const name = cleanName(group.subject);
  return id === undefined || name === undefined ? [] : [{ group: id, name }];
}
