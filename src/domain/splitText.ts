/** The longest text of one gateway call. */
export interface TextLimit {
  /** In UTF-16 units. */
  units: number;
  /** In bytes once it is form-encoded, for gateways that take a text in an address; an emoji takes 12 and more. */
  encodedBytes: number;
  /** Bytes more for a character that the gateway's adapter guards as it is written. */
  guardBytes?: Readonly<Record<string, number>>;
}

/** A piece of a text, from (included) and to (excluded) in UTF-16 units. */
export type Slice = readonly [from: number, to: number];

/**
 * Returns the pieces of a text in order, each within the limit; put together they are the text again, unit by unit.
 * It is cut behind a line end where there is one in the second half of a piece, else behind white space, else between
 * two characters as a reader counts them (never inside an emoji); a single character above the limit is cut between
 * code points. An empty text has no pieces.
 */
export function splitText(text: string, limit: TextLimit): Slice[] {
  if (text === '') return [];
  if (fits(text, limit)) return [[0, text.length]];
  const slices: Slice[] = [];
  for (let from = 0; from < text.length;) {
    const to = cutOf(text, from, limit);
    slices.push([from, to]);
    from = to;
  }
  return slices;
}

/** Returns whether a text is within a limit. */
export function fits(text: string, limit: TextLimit): boolean {
  return text.length <= limit.units && writtenLength(text, limit) <= limit.encodedBytes;
}

function cutOf(text: string, from: number, limit: TextLimit): number {
  const longest = longestFrom(text, from, limit);
  if (longest === text.length) return longest;
  const half = from + Math.floor((longest - from) / 2);
  return lastBehind(text, /\n/, half, longest) ?? lastBehind(text, /\s/, half, longest) ?? longest;
}

/** Returns the last place behind a character of this class in (after, until], or undefined. */
function lastBehind(text: string, character: RegExp, after: number, until: number): number | undefined {
  for (let at = until; at > after; at--) {
    if (character.test(text[at - 1] ?? '') && startsCharacter(text, at)) return at;
  }
  return undefined;
}

/** A mark that combines belongs to the white space before it. */
function startsCharacter(text: string, at: number): boolean {
  return !/\p{M}|\u200d/u.test(text.slice(at, at + 2)) || READER.segment(text).containing(at)?.index === at;
}

const READER = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Returns where the longest piece from here ends: between two graphemes, or inside the first when that is too long.
 * The whole rest is segmented (lazily): a window that ends inside an emoji makes a boundary that the text doesn't have.
 */
function longestFrom(text: string, from: number, limit: TextLimit): number {
  const rest = text.slice(from);
  const end = grow(READER.segment(rest), limit);
  if (end > 0) return from + end;
  return from + (grow(codePoints(rest), limit) || String.fromCodePoint(rest.codePointAt(0) ?? 0).length);
}

function* codePoints(text: string): Generator<{ segment: string }> {
  for (const segment of text) yield { segment };
}

/** Adds pieces while they fit. */
function grow(pieces: Iterable<{ segment: string }>, limit: TextLimit): number {
  let end = 0;
  let bytes = 0;
  for (const { segment } of pieces) {
    bytes += writtenLength(segment, limit);
    if (end + segment.length > limit.units || bytes > limit.encodedBytes) break;
    end += segment.length;
  }
  return end;
}

function writtenLength(text: string, { guardBytes = {} }: TextLimit): number {
  let bytes = formLength(text);
  for (const character of text) bytes += guardBytes[character] ?? 0;
  return bytes;
}

const UNENCODED = /[A-Za-z0-9*\-._ ]/;

/** Returns the length in bytes of a text as `application/x-www-form-urlencoded` (WHATWG URL standard). */
export function formLength(text: string): number {
  let bytes = 0;
  for (const point of text) bytes += UNENCODED.test(point) ? 1 : 3 * utf8Length(point.codePointAt(0) ?? 0);
  return bytes;
}

function utf8Length(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
