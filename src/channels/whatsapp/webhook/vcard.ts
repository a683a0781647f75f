import { cleanName } from './cleanName';

/** What of a contact card is shown. */
export interface Card {
  name?: string;
  /** As they are written on it. */
  phones: string[];
}

/** A long line goes on in the next one, behind a blank (RFC 6350, 3.2). */
const FOLDED = /\r?\n[ \t]/g;
/** `item1.TEL;type=CELL;waid=60111234567:+60 11-123 4567`: property, parameters, value. */
const LINE = /^(?:[\w-]+\.)?([\w-]+)((?:;[^:]*)?):(.*)$/;

/** Returns name and phone numbers of a vCard; nothing of both from what is none. Never throws. */
export function readVcard(vcard: string): Card {
  const card: Card = { phones: [] };
  for (const line of vcard.replace(FOLDED, '').split(/\r?\n/)) {
    const [, property = '', parameters = '', value = ''] = LINE.exec(line) ?? [];
    if (property.toUpperCase() === 'FN') card.name ??= cleanName(unescaped(value));
    if (property.toUpperCase() === 'TEL') card.phones.push(...phoneOf(parameters, value));
  }
  return { ...card, phones: [...new Set(card.phones)] };
}

/** A card of WhatsApp's own may name the account alone. */
function phoneOf(parameters: string, value: string): string[] {
  const phone = cleanName(unescaped(value).replace(/^tel:/i, ''));
  const account = /;waid=(\d+)/i.exec(parameters)?.[1];
  if (phone !== undefined) return [phone];
  return account === undefined ? [] : [`+${account}`];
}

function unescaped(value: string): string {
  return value.replace(/\\n/gi, ' ').replace(/\\([\\,;:])/g, '$1');
}
