import { isOpen, type MessageStatus, type Told } from './messageStatus';

/**
 * When something is sent anew: GHL's "Retry" makes a new message with the same words, a resend a new attempt of the same
 * message. Where it is not known whether the earlier one left, its proof is waited for first, and if it comes nothing is
 * sent: the new one has the earlier one's status. Pure; times are epoch milliseconds.
 */

/** One attempt of a message. */
export interface Send {
  messageId: string;
  attempt: number;
}

/** An earlier message to the same contact and address with the same content. */
export interface EqualMessage extends Send {
  state: MessageStatus;
  stateSince: number;
  /** What GHL knows of it. */
  told: Told;
  /** The send that it waits for the proof of, itself unsent; null: none. */
  heeds: Send | null;
}

/** An end that is older than this has nothing to do with what is sent now. */
export const RETRY_WINDOW_MS = 24 * 3600 * 1000;

/**
 * Returns the send whose proof a new message waits for, or null when it is sent like any other. `equals` are newest first.
 * Only the newest one counts: after a failure the new one is sent at once, and two equal texts without a doubt between
 * them are both sent. One that was cancelled says nothing; one that waits for a proof itself stands for what it waits for.
 */
export function retriedSend(equals: readonly EqualMessage[], now: number): Send | null {
  const newest = equals.find(({ state }) => state !== 'cancelled');
  if (newest === undefined || newest.stateSince < now - RETRY_WINDOW_MS) return null;
  if (isOpen(newest.state)) return newest.state === 'sending' ? null : newest.heeds;
  const { messageId, attempt } = newest;
  return newest.state === 'unknown' || lookedUnknown(newest) ? { messageId, attempt } : null;
}

/** Its proof has come, but whoever pressed "Retry" could not know: GHL shows it as unknown still. */
function lookedUnknown({ state, told }: EqualMessage): boolean {
  return told === 'unknown' && isProof(state);
}

/** A status that proves that a send has left. */
export type Proof = 'sent' | 'delivered' | 'read';

const PROOFS: readonly MessageStatus[] = ['sent', 'delivered', 'read'] satisfies Proof[];

/** Returns whether a status proves that the message has left. */
export function isProof(state: MessageStatus): state is Proof {
  return PROOFS.includes(state);
}

/** What a message does that heeds earlier sends. */
export type Heed =
  /** It has left already: nothing is sent. */
  { kind: 'follow'; send: Send; state: Proof } | { kind: 'wait'; ms: number } | { kind: 'send' };

/** Returns what to do by where the earlier sends stand now, newest first; the furthest of them counts. */
export function heedEarlier(sends: readonly (Send & { state: MessageStatus })[], until: number, now: number): Heed {
  const furthest = [...PROOFS].reverse();
  for (const proof of furthest) {
    const proven = sends.find(({ state }) => state === proof);
    if (proven !== undefined && isProof(proven.state)) {
      const { messageId, attempt, state } = proven;
      return { kind: 'follow', send: { messageId, attempt }, state };
    }
  }
  return until > now ? { kind: 'wait', ms: until - now } : { kind: 'send' };
}

/** How far a status goes for whoever follows it: one in doubt has been taken for sent before. */
const FURTHER: Partial<Record<MessageStatus, number>> = { unknown: 0, sent: 0, delivered: 1, read: 2 };

/**
 * Returns to which status a message goes on by that of the send which it follows, or null when it stays. Forward only,
 * but for a nack: WhatsApp took back that the earlier one was sent.
 */
export function followedTo(
  own: MessageStatus,
  earlier: { state: MessageStatus; nacked: boolean },
): Proof | 'unknown' | null {
  if (isProof(earlier.state)) return (FURTHER[earlier.state] ?? 0) > (FURTHER[own] ?? 0) ? earlier.state : null;
  return earlier.nacked && (own === 'sent' || own === 'delivered') ? 'unknown' : null;
}
