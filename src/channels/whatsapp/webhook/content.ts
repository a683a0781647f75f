import type { Content } from '../../../domain/content';
import { at, record, text, type JsonRecord } from '../json';
import { MEDIA_WORDS } from './mediaWords';
import { plainText } from './plainText';
import { unwrap } from './unwrap';

export type Described = Content | { ignored: string };

/** The stub type of a message that this device could not decrypt ("waiting for this message"). */
const UNDECRYPTABLE = new Set<unknown>([2, '2', 'CIPHERTEXT']);
const UNREADABLE = '[a message that could not be read here: open WhatsApp on the phone]';
const UNSUPPORTED = '[a kind of message that is not supported: open WhatsApp on the phone]';
/** What accompanies a content and is none. */
const ACCOMPANIMENT = new Set(['messageContextInfo', 'senderKeyDistributionMessage']);

/**
 * Returns what a message says as text: the text itself, else words in brackets for its kind, so that whoever answers
 * in GHL knows that something came. `ignored` where nobody has said anything (keys, votes, system notices).
 */
export function describeContent(entry: JsonRecord): Described {
  const message = record(entry.message);
  if (message !== undefined) return describeMessage(unwrap(message));
  const stub = entry.messageStubType;
  const system = stub !== undefined && stub !== null && !UNDECRYPTABLE.has(stub);
  return system ? { ignored: 'system notice' } : { v: 1, text: UNREADABLE };
}

function describeMessage(message: JsonRecord): Described {
  const protocol = record(message.protocolMessage);
  if (protocol !== undefined) return describeProtocol(protocol);
  if (record(message.reactionMessage) !== undefined && text(at(message, 'reactionMessage', 'text')) === undefined) {
    return { ignored: 'reaction removed' };
  }
  if (message.pollUpdateMessage !== undefined) return { ignored: 'poll vote' };
  const words = plainText(message) ?? mediaWords(message);
  if (words !== undefined) return { v: 1, text: words, ...fileOf(message), ...answered(message) };
  const kinds = Object.keys(message);
  if (kinds.length > 0 && kinds.every((kind) => ACCOMPANIMENT.has(kind))) return { ignored: 'key distribution' };
  return { v: 1, text: kinds.length === 0 ? UNREADABLE : UNSUPPORTED };
}

/** An edit carries the new content; the rest of the protocol (deletions, timers, history keys) says nothing new. */
function describeProtocol(protocol: JsonRecord): Described {
  const edited = record(protocol.editedMessage);
  if (edited === undefined) return { ignored: 'protocol message' };
  const message = unwrap(edited);
  const words = plainText(message) ?? mediaWords(message);
  return words === undefined ? { ignored: 'protocol message' } : { v: 1, text: `[edited] ${words}` };
}

function mediaWords(message: JsonRecord): string | undefined {
  for (const [kind, describe] of MEDIA_WORDS) {
    const node = record(message[kind]);
    if (node !== undefined) return describe(node);
  }
  return undefined;
}

const FILES = { imageMessage: 'image', videoMessage: 'video', audioMessage: 'audio', documentMessage: 'document' };

/** What a file of the message is: by it the echo of a file that we sent is known again. */
function fileOf(message: JsonRecord): Pick<Content, 'media'> {
  for (const [name, kind] of Object.entries(FILES)) {
    const node = record(message[name]);
    const caption = text(node?.caption);
    if (node !== undefined) return { media: { kind, ...(caption === undefined ? {} : { caption }) } };
  }
  return {};
}

/** The quoted message's id stands in the context of whichever kind the answer is. */
function answered(message: JsonRecord): { replyTo?: string } {
  for (const node of Object.values(message)) {
    const replyTo = text(at(node, 'contextInfo', 'stanzaId'));
    if (replyTo !== undefined) return { replyTo };
  }
  return {};
}
