import { at, list, text } from '../../json';
import { cleanName } from '../cleanName';
import { readVcard } from '../vcard';
import { kind, onThePhone, type ContentKind, type Said } from './kind';

/** Contact cards: the name and every number on them. */
export const CARDS: readonly ContentKind[] = [
  kind('contactMessage', (node) => cards('contact', [node])),
  kind('contactsArrayMessage', (node) => cards('contacts', list(node.contacts))),
];

function cards(label: string, contacts: unknown[]): Said {
  const told = contacts.map(card).filter((one) => one !== '');
  const brief = `[${label}] ${told.join('; ')}`;
  if (told.length === 0) return { words: onThePhone(label), brief: `[${label}]` };
  return { words: told.length === 1 ? brief : [`[${label}]`, ...told].join('\n'), brief };
}

/** `Ali Bakar: +60 11-1234 5678, +60 3-1234 5678`. */
function card(contact: unknown): string {
  const { name, phones } = readVcard(text(at(contact, 'vcard')) ?? '');
  const called = cleanName(at(contact, 'displayName')) ?? name;
  return [...(called === undefined ? [] : [called]), ...(phones.length === 0 ? [] : [phones.join(', ')])].join(': ');
}
