import type { Content, FileReference } from '../../../../domain/content';
import { record, type JsonRecord } from '../../json';

/** What one content says. */
export interface Said {
  /** What a person reads; absent where a file says it all. */
  words?: string;
  /** The same for a quotation and an edit, where the words are not fit for one. */
  brief?: string;
  file?: FileReference;
  media?: Content['media'];
  /** Id of the message that it is about. */
  about?: string;
  /** The emoji of a reaction, whose words stand for a message that only the ledger knows. */
  reaction?: string;
}

/** `ignored`: understood, and nobody has said anything. */
export type Reading = Said | { ignored: string };

/** What the reading of one kind may need beside the content itself. */
export interface Surroundings {
  /** It may be looked at once, on the phone. */
  viewOnce: boolean;
  /** Reads a content inside this one; undefined where it says nothing. */
  inner: (message: unknown) => Said | undefined;
}

/** One kind of content, by the field of a WhatsApp message in which it stands. */
export interface ContentKind {
  field: string;
  /** Undefined: the message is of another kind, whatever empty field it carries. */
  read: (message: JsonRecord, around: Surroundings) => Reading | undefined;
}

/** Returns a kind whose field holds an object. */
export function kind(
  field: string,
  read: (node: JsonRecord, around: Surroundings) => Reading | undefined,
): ContentKind {
  return {
    field,
    read: (message, around) => {
      const node = record(message[field]);
      return node === undefined ? undefined : read(node, around);
    },
  };
}

/** Returns what was said in these words, undefined when there are none. */
export function said(words: string | undefined): Said | undefined {
  return words === undefined ? undefined : { words };
}

/** Returns the words for what only the phone can show: `[picture: open WhatsApp on the phone]`. */
export function onThePhone(what: string): string {
  return `[${what}: open WhatsApp on the phone]`;
}
