import { at } from '../json';

const TWO_TO_32 = 4_294_967_296;
/** Above this a number of seconds would be the year 5138, so it is milliseconds. */
const MILLISECONDS_FROM = 100_000_000_000;
/** Above this a number of milliseconds is no date that JavaScript knows. */
const LAST_DATE = 8_640_000_000_000_000;

/**
 * Returns a message's time in epoch milliseconds from what the engine writes: seconds or milliseconds, as a number, a
 * text, or a 64-bit integer in halves `{low, high}`, whose lower half may come out negative. Undefined when it is none.
 */
export function epochMs(value: unknown): number | undefined {
  const raw = typeof value === 'object' ? fromHalves(value) : typeof value === 'string' ? Number(value) : value;
  if (typeof raw !== 'number' || !Number.isFinite(raw) || raw <= 0) return undefined;
  const ms = Math.round(raw < MILLISECONDS_FROM ? raw * 1000 : raw);
  return ms <= LAST_DATE ? ms : undefined;
}

function fromHalves(value: unknown): number | undefined {
  const low = at(value, 'low');
  const high = at(value, 'high') ?? 0;
  return typeof low === 'number' && typeof high === 'number' ? high * TWO_TO_32 + (low >>> 0) : undefined;
}
