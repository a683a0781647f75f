import type { PartState } from './messageStatus';

/** Which of several parts a message's state is about. */
export interface PartInQuestion {
  n: number;
  m: number;
}

const LEFT: readonly PartState[] = ['sent', 'delivered', 'read', 'unknown'];

/**
 * Returns the first part that has the state of the whole message, which is its worst part's; null where the state is
 * about the message as a whole: it has one part, or none of its parts has left.
 */
export function partInQuestion(
  parts: readonly { n: number; state: PartState }[],
  state: string,
): PartInQuestion | null {
  const worst = parts.find((part) => part.state === state);
  const othersLeft = parts.some((part) => part !== worst && LEFT.includes(part.state));
  return worst === undefined || !othersLeft ? null : { n: worst.n, m: parts.length };
}

/** Returns the words for a state, with the part that they are about in front of them. */
export function namingPart(part: PartInQuestion | null, words: string): string {
  return part === null ? words : `Part ${part.n} of ${part.m}: ${words}`;
}
