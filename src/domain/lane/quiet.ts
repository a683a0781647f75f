import type { QuietHours } from '../laneRules';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/**
 * Returns the first moment from `at` on that is not in the quiet hours, epoch milliseconds: `at` itself outside of them.
 * By the clock on the wall in `timeZone`, so a night in which the clocks change is shorter or longer. Where the clocks
 * skip the end of the span, it ends with the skipped time.
 */
export function quietUntil(at: number, span: QuietHours | null, timeZone: string): number {
  if (span === null) return at;
  let until = at;
  // Where the clocks are put back onto the end of the span, a part of it comes twice.
  for (let turn = 0; turn < 4 && isQuiet(until, span, timeZone); turn++) until = endAfter(until, span, timeZone);
  return until;
}

/** Returns when the next quiet hours begin, at the earliest `at`; Infinity without any. */
export function quietFrom(at: number, span: QuietHours | null, timeZone: string): number {
  if (span === null) return Infinity;
  if (isQuiet(at, span, timeZone)) return at;
  return Math.max(at, turnOfTheWall(at, span.fromMinute, timeZone));
}

function isQuiet(at: number, { fromMinute, toMinute }: QuietHours, timeZone: string): boolean {
  const minute = wallMinute(at, timeZone);
  return fromMinute < toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
}

function endAfter(at: number, { toMinute }: QuietHours, timeZone: string): number {
  return Math.max(at + 1, turnOfTheWall(at, toMinute, timeZone));
}

/** When the clock on the wall shows `minute` next; on a day on which it skips that, a little later. */
function turnOfTheWall(at: number, minute: number, timeZone: string): number {
  const wait = (minute - wallMinute(at, timeZone) + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  const guess = Math.floor(at / MINUTE_MS) * MINUTE_MS + wait * MINUTE_MS;
  // The clocks were changed in between: the wall shows something else than was reckoned.
  const off = ((wallMinute(guess, timeZone) - minute + DAY_MINUTES + DAY_MINUTES / 2) % DAY_MINUTES) - DAY_MINUTES / 2;
  const mended = guess - off * MINUTE_MS;
  return wallMinute(mended, timeZone) === minute ? mended : Math.max(mended, guess);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Minutes after midnight that the clock on the wall shows; to make a formatter costs far more than to use it. */
function wallMinute(at: number, timeZone: string): number {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  clocks.set(timeZone, clock);
  const [hour, minute] = clock.format(at).split(':').map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}
