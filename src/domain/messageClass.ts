import type { MessageClass } from './laneRules';

/**
 * Whether a message is somebody's answer to somebody, or one of many. An answer goes before a campaign; taking one of
 * many for an answer is what gets a number banned, so anything in doubt is bulk. Times are epoch milliseconds.
 */

/** Who has written to the number within this time is in a conversation. */
export const CONVERSATION_MS = 86_400_000;
/** The same text to so many contacts in such a time is a campaign. */
export const SAME_TEXT_CONTACTS = 3;
export const SAME_TEXT_MS = 600_000;
/** Nobody writes to more contacts than that in such a time; a person who answers them may. */
export const MOST_CONTACTS = 5;
export const MOST_ANSWERED = 20;
export const CONTACTS_MS = 60_000;

/** One message of a sender, as far as the fan-out test is concerned. */
export interface Sent {
  /** Whom it goes to. */
  party: string;
  at: number;
  /** The contact had written within CONVERSATION_MS before. */
  answers: boolean;
}

export interface ClassFacts {
  /** The bridge says it itself, as an answer to the contact: the confirmation of an opt-out. */
  ownWords: boolean;
  /** A person pressed send. */
  byPerson: boolean;
  /** The message in question. */
  self: Sent;
  /** What its sender sent within CONTACTS_MS before and after it; it may be among them. */
  near: readonly Sent[];
  /** What its sender sent with the same text within SAME_TEXT_MS before and after it; it may be among them. */
  sameText: readonly Sent[];
  /** There is more of either than was read. */
  more: boolean;
}

/** Returns whether a message can be a reply at all; if not, nobody needs to look at what else its sender sent. */
export function mayBeReply({ ownWords, byPerson, self }: Pick<ClassFacts, 'ownWords' | 'byPerson' | 'self'>): boolean {
  return ownWords || byPerson || self.answers;
}

/** Returns the class of a message: a reply only where its sender shows in no window around it that it is one of many. */
export function classOf(facts: ClassFacts): MessageClass {
  if (facts.ownWords) return 'reply';
  if (!mayBeReply(facts) || facts.more) return 'bulk';
  const { self, byPerson } = facts;
  const campaign = windowsAround(self, facts.sameText, SAME_TEXT_MS).some(
    (window) => contactsIn(window) >= SAME_TEXT_CONTACTS,
  );
  const fast = windowsAround(self, facts.near, CONTACTS_MS).some(
    (window) => contactsIn(window) > mostContacts(window, byPerson),
  );
  return campaign || fast ? 'bulk' : 'reply';
}

/** Returns a message's own rank in its lane, smaller first: a person's reply, another reply, bulk. */
export function rankOf(messageClass: MessageClass, byPerson: boolean): number {
  if (messageClass === 'bulk') return 2;
  return byPerson ? 0 : 1;
}

function mostContacts(window: readonly Sent[], byPerson: boolean): number {
  return byPerson && window.every(({ answers }) => answers) ? MOST_ANSWERED : MOST_CONTACTS;
}

function contactsIn(window: readonly Sent[]): number {
  return new Set(window.map(({ party }) => party)).size;
}

/**
 * Returns what lies in each span of `ms` around a message. It can only have most in it where it begins with one of
 * them, so no other span is looked at.
 */
function windowsAround(self: Sent, sent: readonly Sent[], ms: number): Sent[][] {
  const all = [...sent, self];
  const begins = all.map(({ at }) => at).filter((at) => at <= self.at && at > self.at - ms);
  return [...new Set(begins)].map((begin) => all.filter(({ at }) => at >= begin && at < begin + ms));
}
