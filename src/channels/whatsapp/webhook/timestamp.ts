import { wholeNumber } from './wholeNumber';

/** Above this a number of seconds would be the year 5138, so it is milliseconds. */
const MILLISECONDS_FROM = 100_000_000_000;
/** Above this a number of milliseconds is no date that JavaScript knows. */
const LAST_DATE = 8_640_000_000_000_000;

/**
 * Returns a message's time in epoch milliseconds from what the engine writes: seconds or milliseconds, as a number, a
 * text, or a 64-bit integer in halves. Undefined when it is none.
 */
export function epochMs(value: unknown): number | undefined {
  const raw = wholeNumber(value);
  if (raw === undefined || raw <= 0) return undefined;
  const ms = Math.round(raw < MILLISECONDS_FROM ? raw * 1000 : raw);
  return ms <= LAST_DATE ? ms : undefined;
}
