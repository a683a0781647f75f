import type { Content } from './content';
import { splitText } from './splitText';

const QUOTING = '> ';
/** A quotation is there to be recognised, not to be read again. */
const LONGEST = { units: 80, encodedBytes: Infinity };
/** Far more than a quotation needs; texts may be very long. */
const LOOKED_AT = 1_000;

/** Returns a text as one short line, to be quoted: at most 80 characters and an ellipsis, cut inside no character. */
export function oneLine(words: string): string {
  const line = words
    .slice(0, LOOKED_AT)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const [from, to] = splitText(line, LONGEST)[0] ?? [0, 0];
  return to === line.length ? line : `${line.slice(from, to).trimEnd()}…`;
}

/** Returns how the line that a message answers stands above the answer, in the manner of e-mail. */
export function quotationLine(line: string): string {
  return `${QUOTING}${line}`;
}

/** Returns a content's text in two: the line that it answers, and what somebody said of their own. */
export function splitAnswer({ text, replyTo }: Content): { quotation?: string; words?: string } {
  if (replyTo === undefined || text?.startsWith(QUOTING) !== true) return { words: text };
  const end = text.indexOf('\n');
  return end < 0 ? { quotation: text } : { quotation: text.slice(0, end), words: text.slice(end + 1) };
}

/** Returns the words for a reaction; `to`: the message that it is about, where that is known. */
export function reactionWords(emoji: string, to?: string): string {
  const line = oneLine(to ?? '');
  return line === '' ? `reacted ${emoji} to a message` : `reacted ${emoji} to: ${line}`;
}
