import { parsed } from './text';

/** A daily span in minutes after midnight of the location's time zone; `to` before `from` runs over midnight. */
export interface QuietHours {
  fromMinute: number;
  toMinute: number;
}

/** The mend of quiet hours that are not valid. */
export const QUIET_HOURS_MEND = 'must be HH:MM-HH:MM with two different times from 00:00 to 23:59, or empty for off';

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

/** `HH:MM-HH:MM`, or empty for off (null). */
export const quietHours = parsed(QUIET_HOURS_MEND, parseQuietHours);
