import { findDuplicates, findInversions, findLost, type CheckedSend, type ExpectedSend } from '../../sandbox/checkers';

/** A message that the bridge acknowledged, in the order of acknowledgement; `number`: the receiver's digits. */
export interface Acknowledged extends ExpectedSend {
  messageId: string;
}

/** Where the ledger sees a message in the end. */
export interface Ended {
  messageId: string;
  /** One of the MessageStatus words. */
  state: string;
  /** True: it is still in its lane. */
  open: boolean;
}

/** What went wrong, a line each; all empty is good. */
export interface Verdict {
  /** Acknowledged and neither sent nor told as unknown, or not in the ledger at all. */
  lost: string[];
  doubled: string[];
  /** Pairs of one contact in the wrong order. */
  inverted: string[];
  /** Still in the lane when everything should have ended. */
  unended: string[];
  /** Told as unknown although nobody's hand was cut off in the middle of it. */
  needlesslyUnknown: string[];
}

export interface Outcome {
  acknowledged: readonly Acknowledged[];
  /** What the gateway really sent, oldest first. */
  sends: readonly CheckedSend[];
  ends: readonly Ended[];
  /** How many claims were in the hands of processes that were killed, at most. */
  cutOff: number;
}

/**
 * Returns what a campaign through crashes shows: by the gateway's journal, not by trust in the ledger. A message that a
 * killed process had claimed may end as unknown without having been sent: that is told, so it is not lost.
 */
export function verdictOf({ acknowledged, sends, ends, cutOff }: Outcome): Verdict {
  const endOf = new Map(ends.map((end) => [end.messageId, end]));
  const unknown = acknowledged.filter(({ messageId }) => endOf.get(messageId)?.state === 'unknown');
  const told = new Set(unknown.map(({ messageId }) => messageId));
  const unsent = findLost(acknowledged, sends).filter(({ messageId }) => !told.has(messageId));
  const missing = acknowledged.filter(({ messageId }) => !endOf.has(messageId));
  const order: Record<string, string[]> = {};
  for (const { number, text } of acknowledged) (order[number] ??= []).push(text);
  return {
    lost: [...new Set([...unsent, ...missing].map(({ text }) => text))],
    doubled: findDuplicates(sends).map(({ key }) => key),
    inverted: findInversions(sends, order).map(({ earlier, later }) => `${later} before ${earlier}`),
    unended: acknowledged.filter(({ messageId }) => endOf.get(messageId)?.open === true).map(({ text }) => text),
    needlesslyUnknown: unknown.slice(cutOff).map(({ text }) => text),
  };
}

/** Returns whether nothing went wrong. */
export function isClean(verdict: Verdict): boolean {
  return Object.values(verdict).every((wrong: string[]) => wrong.length === 0);
}
