import { endingOf } from './type/shownAs';
import { FILE_TYPES, OLE_TYPES, TEXT_TYPES, ZIP_TYPES, type FileType } from './type/fileTypes';

/** In UTF-16 units, the ending included. */
const LONGEST_NAME = 80;

/** What no name of a file holds on one system or another, and what an address or a template would read as its own. */
const SPECIAL = /[<>:"/\\|?*#%{}]+/g;
/** Control characters, bidirectional and invisible marks, halves of pairs, private use, line separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;
const EDGES = /^[\s._-]+|[\s._-]+$/g;

const KNOWN_ENDINGS = new Set([
  ...[...Object.values<FileType>(FILE_TYPES), ...ZIP_TYPES, ...OLE_TYPES, ...TEXT_TYPES].flatMap((t) => t.endings),
  ...'exe scr com bat cmd msi apk dll js vbs ps1 sh html htm svg xml php jfif pjpeg oga opus m4v 3gp'.split(' '),
]);

/**
 * Returns a clean name for a file of a type: the last segment of the claimed one, without what moves the reader's eye
 * or a file system elsewhere, at most 80 characters, ending as the type does. A wrong ending is replaced, also where
 * several stand one behind the other (`invoice.pdf.exe`).
 */
export function cleanName(claimed: string, type: FileType): string {
  const segment = claimed.split(/[/\\]/).at(-1) ?? '';
  const plain = segment.normalize('NFC').replace(INVISIBLE, '').replace(SPECIAL, ' ').replace(/\s+/g, ' ');
  const given = endingOf(plain.replace(EDGES, ''));
  const ending = type.endings.includes(given) ? given : type.endings[0];
  const stem = withoutEndings(plain.replace(EDGES, ''));
  return `${shortened(stem, LONGEST_NAME - ending.length - 1) || type.kind}.${ending}`;
}

/** Returns the claimed name of a file: as given, or the last segment of its address. */
export function claimedName(source: { url: string; name?: string }): string {
  if (source.name !== undefined && source.name.trim() !== '') return source.name;
  const path = URL.canParse(source.url) ? new URL(source.url).pathname : '';
  const segment = path.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function withoutEndings(name: string): string {
  const dot = name.lastIndexOf('.');
  if (dot < 0 || !KNOWN_ENDINGS.has(endingOf(name))) return name;
  return withoutEndings(name.slice(0, dot).replace(EDGES, ''));
}

/** Cuts at a character, never inside a pair of halves. */
function shortened(text: string, length: number): string {
  let short = '';
  for (const character of text) {
    if (short.length + character.length > length) break;
    short += character;
  }
  return short.replace(EDGES, '');
}
