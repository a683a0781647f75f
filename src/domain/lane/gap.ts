import { treatedAs, type Gap, type PaceKind } from '../laneRules';

/** In this first time after a lost number's return all gaps are doubled: a burst is what gets a number banned. */
export const RAMP_MS = 60_000;

/** A draw is kept as whole millionths: a database compares whole numbers without surprises. */
export const DRAWS = 1_000_000;

/** What is known of the part that goes next. */
export interface NextPart {
  rank: number;
  toGroup: boolean;
  isMedia: boolean;
}

/** Returns by which gap a part is preceded: a reply by its own, whatever it brings and wherever it goes. */
export function paceKindOf({ rank, toGroup, isMedia }: NextPart): PaceKind {
  if (treatedAs({ rank }) === 'reply') return 'reply';
  if (toGroup) return 'group';
  return isMedia ? 'media' : 'text';
}

/** Returns the mean of a gap in milliseconds. */
export function meanGap(gap: Gap): number {
  return (gap.minMs + gap.maxMs) / 2;
}

/** Returns a jittered gap in whole milliseconds; `random` is in [0, 1). */
export function drawGap(gap: Gap, random: number): number {
  return Math.round(gap.minMs + random * (gap.maxMs - gap.minMs));
}

export interface GapFacts {
  /** The last write of the number, or the latest moment at which the one under way can be; 0: none. */
  lastAt: number;
  /** The draw of the next gap, in millionths (see DRAWS). */
  jitter: number;
  gap: Gap;
  /** When the number came back from an outage; null: it never did. */
  returnedAt: number | null;
}

/**
 * Returns when the gap before a part has run, epoch milliseconds. One draw serves every kind of part, so that what is
 * due does not change with who asks, and changed settings take effect at once.
 */
export function gapEndsAt({ lastAt, jitter, gap, returnedAt }: GapFacts): number {
  const gapMs = drawGap(gap, jitter / DRAWS);
  const rampEnds = (returnedAt ?? -Infinity) + RAMP_MS;
  const at = lastAt + gapMs;
  return at < rampEnds ? Math.min(at + gapMs, rampEnds) : at;
}
