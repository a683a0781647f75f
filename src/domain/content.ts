/** What a message carries: one typed document for every channel, stored encrypted, never given to Temporal. */
export interface Content {
  v: 1;
  text?: string;
  html?: string;
  subject?: string;
  attachments?: Attachment[];
  /** When it was written, epoch milliseconds by the channel (inbound). */
  at?: number;
  /** The name that the sender shows (inbound). */
  name?: string;
  /** The other side's id of the message that this one answers. */
  replyTo?: string;
}

export interface Attachment {
  url: string;
  name?: string;
  type?: string;
}

/** One gateway call's worth of a message. */
export type PartContent = { kind: 'text'; text: string } | { kind: 'media'; attachment: Attachment; caption?: string };

/**
 * Returns the parts of a message in the order in which they are sent: today one text part.
 * An empty list means that there is nothing to send.
 */
export function planParts(content: Content): PartContent[] {
  const text = content.text ?? '';
  return text.trim() === '' ? [] : [{ kind: 'text', text }];
}

/**
 * Returns the text by which an echo of a part is recognised: kind and text, white space at the ends dropped,
 * line ends folded (gateways trim and re-encode them). The input of a keyed hash; never stored in clear.
 */
export function echoText(part: PartContent): string {
  const text = part.kind === 'text' ? part.text : (part.caption ?? '');
  return `${part.kind}|${text.replace(/\r\n?/g, '\n').trim()}`;
}
