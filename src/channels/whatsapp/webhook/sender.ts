import type { Address } from '../../../domain/address';
import { classifyJid, jidToPhone } from '../jid';
import { text, type JsonRecord } from '../json';

/** Where a chat's phone number may stand when the chat itself goes by a hidden identity (`@lid`). */
const INBOUND_FIELDS = ['remoteJid', 'remoteJidAlt', 'senderPn', 'participantAlt'];
/** In a message of ours the sender's number is our own, so the fields of the sender say nothing of the chat. */
const OWN_FIELDS = ['remoteJid', 'remoteJidAlt'];

/**
 * Returns the contact of a one-to-one chat, or the group that a message of ours went to; null when only a hidden identity is known: its digits are no phone number,
 * and a guess would write a stranger's words into somebody's conversation.
 */
export function chatAddress(key: JsonRecord, fromMe: boolean): Address | null {
  for (const field of fromMe ? OWN_FIELDS : INBOUND_FIELDS) {
    const jid = text(key[field]) ?? '';
    const value = fromMe && classifyJid(jid) === 'group' ? jid : jidToPhone(jid);
    if (value !== null) return { channel: 'whatsapp', value };
  }
  return null;
}
