/** What a message carries: one typed document for every channel, stored encrypted, never given to Temporal. */
export interface Content {
  v: 1;
  text?: string;
  html?: string;
  subject?: string;
  attachments?: Attachment[];
  /** The name of a template that is saved at the gateway; it is sent in place of a text. */
  template?: string;
  /** What the gateway says of a file in a message that came from it: an echo, or an inbound message. */
  media?: { kind: string; caption?: string };
  /** Where the file of a message that arrived is to be fetched, and how it is read (inbound). */
  file?: FileReference;
  /** When it was written, epoch milliseconds by the channel (inbound). */
  at?: number;
  /** The name that the sender shows (inbound). */
  name?: string;
  /** The other side's id of the message that this one answers or is about. */
  replyTo?: string;
  /** The emoji with which it reacts to that message, and nothing more (inbound). */
  reaction?: string;
}

/** A file at the channel's own store, encrypted there under a key of its own; it is gone after some weeks. */
export interface FileReference {
  kind: 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker';
  /** Media type as the sender's phone says it. */
  type?: string;
  name?: string;
  bytes?: number;
  /** One of the two says where it lies: the whole address, or its path at the channel's own host. */
  url?: string;
  directPath?: string;
  /** Base64, as are the hashes: of the file, and of what lies at the address. */
  mediaKey: string;
  sha256?: string;
  encSha256?: string;
}

export interface Attachment {
  url: string;
  name?: string;
  type?: string;
}

/** One gateway call's worth of a message, ready to be written. */
export type PartContent =
  | { kind: 'text'; text: string }
  | { kind: 'media'; attachment: Attachment; caption?: string }
  | { kind: 'template'; name: string };

/** What is compared of a part and its echo: `text`, `template`, or what a file is shown as; and the words. */
export interface EchoFacts {
  kind: string;
  text: string;
}

/** What a file's echo is known by: a gateway may show a sound as a video (Waapify's first generation does with .ogg). */
export function shownAs(kind: string | undefined): string {
  return kind === 'audio' || kind === 'video' ? 'media:played' : `media:${kind ?? 'unknown'}`;
}

/** Returns what an echo of a content that came from the gateway looks like. */
export function echoOfContent(content: Content): EchoFacts {
  if (content.media !== undefined) return { kind: shownAs(content.media.kind), text: content.media.caption ?? '' };
  return { kind: 'text', text: content.text ?? '' };
}

/** Look-alikes and invisible marks that a gateway's adapter puts in so that a text is not rewritten on its way. */
const LOOK_ALIKE_PIPE = /\u01c0/g;
const INVISIBLE = /\u2060/g;

/**
 * Returns the text by which an echo of a part is recognised: kind and text, white space at the ends dropped,
 * line ends folded (gateways trim and re-encode them), guarding marks undone. The input of a keyed hash; never stored
 * in clear.
 */
export function echoText({ kind, text }: EchoFacts): string {
  const plain = text.replace(/\r\n?/g, '\n').replace(LOOK_ALIKE_PIPE, '|').replace(INVISIBLE, '');
  return `${kind}|${plain.trim()}`;
}
