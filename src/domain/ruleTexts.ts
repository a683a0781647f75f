import type { Gap, QuietHours } from './laneRules';

/** The texts in which people write the rules of a lane: the same in the environment and in a number's own settings. */

const LONGEST_GAP_MS = 3_600_000;

/** Returns the gap that `min-max` (milliseconds) stands for, or undefined when the text is not one. */
export function parsePace(text: string): Gap | undefined {
  const [, min, max] = /^(\d{1,7})\s*-\s*(\d{1,7})$/.exec(text) ?? [];
  const gap = { minMs: Number(min), maxMs: Number(max) };
  return gap.minMs <= gap.maxMs && gap.maxMs <= LONGEST_GAP_MS ? gap : undefined;
}

/** Returns the span that `HH:MM-HH:MM` stands for, null for the empty text (off), undefined when it is neither. */
export function parseQuietHours(text: string): QuietHours | null | undefined {
  if (text === '') return null;
  const [, from, to] = /^(\d\d:\d\d)\s*-\s*(\d\d:\d\d)$/.exec(text) ?? [];
  const fromMinute = minuteOf(from);
  const toMinute = minuteOf(to);
  if (fromMinute === undefined || toMinute === undefined || fromMinute === toMinute) return undefined;
  return { fromMinute, toMinute };
}

function minuteOf(time: string | undefined): number | undefined {
  const [hour, minute] = (time ?? '').split(':').map(Number);
  if (hour === undefined || minute === undefined || hour > 23 || minute > 59) return undefined;
  return hour * 60 + minute;
}

/** Returns the daily caps of a new number's first days, `[]` for the empty text (off), undefined when it is neither. */
export function parseWarmup(text: string): number[] | undefined {
  if (text === '') return [];
  const days = text.split(',').map((item) => item.trim());
  return days.every((day) => /^[1-9]\d{0,6}$/.test(day)) ? days.map(Number) : undefined;
}

/** Returns whether a time zone is known here, by its IANA name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
