import type { Gap } from '../../domain/lane';
import { parsed } from './text';

const LONGEST_GAP_MS = 3_600_000;

/** The mend of a pace that is not valid. */
export const PACE_MEND = 'must be min-max in milliseconds, the smaller first, at most 3600000 (as 5000-12000)';

/** Returns the gap that `min-max` (milliseconds) stands for, or undefined when the text is not one. */
export function parsePace(text: string): Gap | undefined {
  const [, min, max] = /^(\d{1,7})\s*-\s*(\d{1,7})$/.exec(text) ?? [];
  const gap = { minMs: Number(min), maxMs: Number(max) };
  return gap.minMs <= gap.maxMs && gap.maxMs <= LONGEST_GAP_MS ? gap : undefined;
}

/** A `min-max` gap in milliseconds. */
export const pace = parsed(PACE_MEND, parsePace);
