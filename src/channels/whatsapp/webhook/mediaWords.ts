import { at, list, text, type JsonRecord } from '../json';

/** Words for each kind of content that is not text; the first kind that a message has is taken. */
export const MEDIA_WORDS: readonly (readonly [string, (node: JsonRecord) => string])[] = [
  ['imageMessage', (node) => labelled('image', node.caption)],
  ['videoMessage', (node) => labelled('video', node.caption)],
  ['ptvMessage', (node) => labelled('video', node.caption)],
  ['audioMessage', (node) => labelled(node.ptt === true ? 'voice message' : 'audio')],
  ['documentMessage', (node) => labelled('document', node.fileName ?? node.title, node.caption)],
  ['stickerMessage', () => labelled('sticker')],
  ['locationMessage', (node) => labelled('location', node.name, node.address, coordinates(node))],
  ['liveLocationMessage', (node) => labelled('live location', node.caption, coordinates(node))],
  ['contactMessage', (node) => labelled('contact', ...card(node))],
  ['contactsArrayMessage', (node) => labelled('contacts', ...list(node.contacts).flatMap(card))],
  ['reactionMessage', (node) => labelled('reaction', node.text)],
  ['pollCreationMessage', (node) => labelled('poll', node.name)],
  ['pollCreationMessageV2', (node) => labelled('poll', node.name)],
  ['pollCreationMessageV3', (node) => labelled('poll', node.name)],
];

/** `[image] caption`; the kind alone where nothing is said with it. A document's name often is its caption too. */
function labelled(kind: string, ...words: unknown[]): string {
  const said = new Set(words.map(text).filter((word) => word !== undefined));
  return [`[${kind}]`, ...said].join(' ');
}

function coordinates(node: JsonRecord): string | undefined {
  const { degreesLatitude: latitude, degreesLongitude: longitude } = node;
  return typeof latitude === 'number' && typeof longitude === 'number' ? `${latitude},${longitude}` : undefined;
}

/** The name and the first number of a shared contact card. */
function card(contact: unknown): unknown[] {
  const phone = /^TEL[^:\r\n]*:([^\r\n]+)/im.exec(text(at(contact, 'vcard')) ?? '')?.[1];
  return [at(contact, 'displayName'), phone];
}
