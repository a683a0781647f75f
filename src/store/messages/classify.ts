import { classOf, mayBeReply, rankOf, type Sent } from '../../domain/messageClass';
import { isPerson, OPERATOR, senderOf } from '../../domain/sender';
import type { Trx } from '../context';
import { OPT_OUT_SOURCE } from '../optOuts';
import type { MessageRow } from '../rows';
import { hasWritten, recentOf } from './classFacts';
import { rankAnew } from './lift';

/** What is noted of a message's class. */
export type Classed = Pick<MessageRow, 'class' | 'rank' | 'sender' | 'classed_at' | 'answers'>;

type Unclassed = Pick<
  MessageRow,
  'location_id' | 'source' | 'provider_id' | 'user_id' | 'party' | 'address_key' | 'content_key'
>;

/** Returns the class of a message that is being accepted at `now`; at most two queries. */
export async function classAtAccept(trx: Trx, message: Unclassed, now: number): Promise<Classed> {
  const answers = message.source !== OPT_OUT_SOURCE && (await hasWritten(trx, message, now)) ? 1 : 0;
  const judged = { ...message, ...noClass(message, now), answers } as const;
  return { ...noClass(message, now), answers, ...(await judge(trx, judged)) };
}

/** Returns what is noted of one that is never sent: it counts among what its sender sent. */
export function noClass({ user_id: userId, source, provider_id: providerId }: Unclassed, now: number): Classed {
  return { class: 'bulk', rank: 2, sender: senderOf({ userId, source, providerId }), classed_at: now, answers: 0 };
}

/**
 * Tests a reply anew at its own claim, before the head is chosen: what its sender has sent since may show that it is
 * one of many, and then it ends lifting its contact's earlier ones. Returns the row as it now is; its lane is locked.
 */
export async function classAtClaim(trx: Trx, message: MessageRow): Promise<MessageRow> {
  if (message.open === 0 || message.direction === 'inbound' || message.class === 'bulk') return message;
  const { class: now } = await judge(trx, message);
  return now === 'reply' ? message : await reclass(trx, message, { class: now });
}

/**
 * Returns the class of a message that a person has asked for once more at `now`: as that person's, among what else was
 * asked for. Once it stands in its lane, the caller lifts its contact's earlier ones (liftEarlier).
 */
export async function classForResend(trx: Trx, message: Unclassed, now: number): Promise<Classed> {
  const answers = (await hasWritten(trx, message, now)) ? 1 : 0;
  const asked = { sender: OPERATOR, classed_at: now, answers } as const;
  return { ...asked, ...(await judge(trx, { ...message, ...asked })) };
}

/**
 * Tests a message anew whose contact has just written, which is noted of it. Returns whether it has become a reply by that; then the ranks of
 * its contact are to be derived anew.
 */
export async function becomesReply(trx: Trx, message: MessageRow): Promise<boolean> {
  if (message.class === 'reply') return false;
  const { class: now } = await judge(trx, { ...message, answers: 1 });
  if (now === 'reply') await trx<MessageRow>('messages').where({ id: message.id }).update({ class: now });
  return now === 'reply';
}

async function reclass(trx: Trx, message: MessageRow, change: Pick<MessageRow, 'class'>): Promise<MessageRow> {
  await trx<MessageRow>('messages').where({ id: message.id }).update(change);
  await rankAnew(trx, message.lane_id, message.party);
  const row = await trx<MessageRow>('messages').where({ id: message.id }).first('rank');
  return { ...message, ...change, rank: row?.rank ?? message.rank };
}

type JudgedRow = Unclassed & Pick<MessageRow, 'sender' | 'classed_at' | 'answers'>;

async function judge(trx: Trx, message: JudgedRow): Promise<Pick<MessageRow, 'class' | 'rank'>> {
  const self: Sent = { party: message.party, at: message.classed_at, answers: message.answers === 1 };
  const byPerson = isPerson(message.sender);
  const known = { ownWords: message.source === OPT_OUT_SOURCE, byPerson, self };
  const nobody = { near: [], sameText: [], more: false };
  const others = mayBeReply(known) && !known.ownWords ? await recentOf(trx, message) : nobody;
  const judged = classOf({ ...known, ...others });
  return { class: judged, rank: rankOf(judged, byPerson) };
}
