import { filetypename } from 'magic-bytes.js';
import { boxTypeOf } from './boxType';
import { FILE_TYPES, OLE_TYPES, ZIP_TYPES, type FileType } from './fileTypes';

/** So many first bytes tell the type; a file may have fewer. */
export const HEAD_BYTES = 4_096;

/** No signature is among the allowed ones: it may be a text, which has none, or it is refused. */
export type Sniffed = FileType | 'maybe_text' | 'refused';

/** Signatures in the order in which they are believed, by the library's names for them. */
const SIMPLE = [
  'jpg',
  'png',
  'gif',
  'webp',
  'tif',
  'mp3',
  'aac',
  'wav',
  'flac',
  'avi',
  'mkv',
  'mov',
  'pdf',
  'rtf',
  'rar',
  '7z',
] as const;

/**
 * Returns the type that a file's first bytes show. `ending` is that of its claimed name: it only chooses between
 * formats that share a container.
 */
export function sniff(head: Uint8Array, ending: string): Sniffed {
  const box = boxTypeOf(head);
  if (box !== null) return box;
  const guesses = new Set(filetypename(head));
  const simple = SIMPLE.find((name) => guesses.has(name) || guesses.has(`${name}f`));
  if (simple !== undefined) return FILE_TYPES[simple];
  if (guesses.has('ogg') || guesses.has('ogx')) return FILE_TYPES.ogg;
  if (guesses.has('zip')) return byEnding(ZIP_TYPES, ending) ?? FILE_TYPES.zip;
  if (guesses.has('doc')) return byEnding(OLE_TYPES, ending) ?? 'refused';
  if (guesses.has('bmp') && isBmp(head)) return FILE_TYPES.bmp;
  if (startsWith(head, '#!AMR')) return FILE_TYPES.amr;
  return head.includes(0) ? 'refused' : 'maybe_text';
}

/** Returns the type of a list whose names end so. */
export function byEnding(types: readonly FileType[], ending: string): FileType | undefined {
  return types.find(({ endings }) => endings.includes(ending));
}

/** The signature is the two letters BM, which a text may begin with; four reserved bytes are 0. */
function isBmp(head: Uint8Array): boolean {
  return head.length > 10 && head.subarray(6, 10).every((byte) => byte === 0);
}

function startsWith(head: Uint8Array, text: string): boolean {
  return Buffer.from(head.subarray(0, text.length)).toString('latin1') === text;
}
