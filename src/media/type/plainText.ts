import { createReadStream } from 'node:fs';
import { endingOf } from './shownAs';
import { TEXT_TYPES, type FileType } from './fileTypes';
import { byEnding } from './sniff';

/** A browser or mail program would run or render such a text, whatever its name: page, picture with scripts, program. */
const ACTIVE = /^\s*(?:<|#!|%!)|<(?:!doctype|html|head|body|script|iframe|svg|\?php)\b/i;
const ACTIVE_ENDINGS = new Set(
  (
    'html htm xhtml shtml mht mhtml svg xml xsl xslt js mjs cjs ts jsx vbs vbe wsf wsh hta ps1 psm1 bat cmd com scr ' +
    'sh bash zsh py rb pl php phtml asp aspx jsp jar reg inf lnk url desktop command applescript'
  ).split(' '),
);
/** Control characters that no text has. */
const BINARY = /[^\P{Cc}\t\n\f\r\u0085]/u;

/**
 * Returns the type of a file as a text, or null: it is not UTF-8, has control characters, or is a page or a program.
 * Reads the file through without keeping it.
 */
export async function textTypeOf(path: string, name: string): Promise<FileType | null> {
  const ending = endingOf(name);
  if (ACTIVE_ENDINGS.has(ending) || !(await isPlainText(path))) return null;
  return byEnding(TEXT_TYPES, ending) ?? TEXT_TYPES[0] ?? null;
}

async function isPlainText(path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let first = true;
  try {
    for await (const chunk of createReadStream(path)) {
      const text = decoder.decode(chunk as Buffer, { stream: true });
      if (BINARY.test(text) || (first && ACTIVE.test(text.slice(0, 4_096)))) return false;
      first = false;
    }
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}
