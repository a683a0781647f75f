import type { Address } from '../../../domain/address';
import { classifyJid, jidToLid, jidToPhone } from '../jid';
import { text, type JsonRecord } from '../json';

/** Somebody by number and hidden identity, as far as a message tells. */
export interface Party {
  /** Null when only a hidden identity is known: a guess would write a stranger's words into somebody's conversation. */
  address: Address | null;
  /** Digits of the hidden identity, which are no phone number. */
  lid?: string;
}

/** Where either of the other side's names may stand in a message's key, the best first (engines differ by age). */
const SENDER = ['remoteJid', 'remoteJidAlt', 'senderPn', 'senderLid', 'participantAlt', 'participantPn'];
/** In a message of ours the sender's names are our own, so they say nothing of the chat. */
const RECEIVER = ['remoteJid', 'remoteJidAlt', 'peerRecipientPn', 'peerRecipientLid'];
const MEMBER = ['participant', 'participantAlt', 'participantPn', 'participantLid', 'senderPn', 'senderLid'];

/** Returns who is named by these jids: by the first number and the first hidden identity among them. */
export function partyOf(jids: readonly unknown[]): Party {
  const known = jids.flatMap((jid) => text(jid) ?? []);
  const phone = known.map(jidToPhone).find((value) => value !== null);
  const lid = known.map(lidDigits).find((value) => value !== undefined);
  return {
    address: phone === undefined ? null : { channel: 'whatsapp', value: phone },
    ...(lid === undefined ? {} : { lid }),
  };
}

/** Returns who wrote a message that came in, by its key; in a group the member, with the group. */
export function senderOf(key: JsonRecord): { from: Address | null; lid?: string; group?: { id: string } } {
  const group = groupOf(key.remoteJid);
  const { address, ...lid } = partyOf((group === undefined ? SENDER : MEMBER).map((field) => key[field]));
  return { from: address, ...lid, ...(group === undefined ? {} : { group: { id: group } }) };
}

/** Returns whom a message of ours went to, by its key: a contact, or a group by its own address. */
export function receiverOf(key: JsonRecord): { to: Address | null; lid?: string } {
  const group = groupOf(key.remoteJid);
  if (group !== undefined) return { to: { channel: 'whatsapp', value: group } };
  const { address, ...lid } = partyOf(RECEIVER.map((field) => key[field]));
  return { to: address, ...lid };
}

/** Returns a group's jid, undefined when it is none. */
export function groupOf(jid: unknown): string | undefined {
  const named = text(jid);
  return named !== undefined && classifyJid(named) === 'group' ? named : undefined;
}

/** Returns the digits of a hidden identity's jid, without server and device. */
function lidDigits(jid: string): string | undefined {
  return jidToLid(jid)?.split('@')[0];
}
