import type { SendOutcome } from '../../channels/gateway';
import type { PartRow } from '../rows';

type Refusals = Pick<PartRow, 'refused_as' | 'refused_times'>;

/**
 * Returns an outcome as it counts for its part: an answer that may only be tried so often, and has been, fails the part
 * or holds its number, as the adapter says. Everything else stays as it is. Pure.
 */
export function withinTries(part: Refusals, outcome: SendOutcome): SendOutcome {
  if (outcome.kind !== 'rejected' || outcome.limit === undefined) return outcome;
  const { code, text, limit } = outcome;
  if (timesRefused(part, code) <= limit.retries) return outcome;
  if (limit.then === 'fail') return { kind: 'rejected', retry: 'never', code, text };
  return { kind: 'held', state: limit.then, code, text };
}

/** Returns how often in a row a part was refused with this code, counting the answer in hand. */
export function timesRefused(part: Refusals, code: string): number {
  return part.refused_as === code ? part.refused_times + 1 : 1;
}
