import { parsed } from './text';

/** The mend of a warm-up that is not valid. */
export const WARMUP_MEND =
  'must be whole numbers from 1 up between commas, one a day (as 50,200,500), or empty for off';

/** Returns the daily caps of a new number's first days, `[]` for the empty text (off), undefined when it is neither. */
export function parseWarmup(text: string): number[] | undefined {
  if (text === '') return [];
  const days = text.split(',').map((item) => item.trim());
  return days.every((day) => /^[1-9]\d{0,6}$/.test(day)) ? days.map(Number) : undefined;
}

/** Caps of the first days, or empty for off (`[]`). */
export const warmupDaily = parsed(WARMUP_MEND, parseWarmup);
