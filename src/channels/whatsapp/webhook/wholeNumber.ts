import { at, text } from '../json';

const TWO_TO_32 = 4_294_967_296;

/**
 * Returns a number from what the engine writes for one of 64 bits: a number, a text, or its halves `{low, high}`, whose
 * lower one may come out negative. Undefined when it is none.
 */
export function wholeNumber(value: unknown): number | undefined {
  const raw = typeof value === 'string' ? Number(text(value) ?? NaN) : value;
  const whole = typeof raw === 'object' ? fromHalves(raw) : raw;
  return typeof whole === 'number' && Number.isFinite(whole) ? whole : undefined;
}

function fromHalves(value: unknown): number | undefined {
  const low = at(value, 'low');
  const high = at(value, 'high') ?? 0;
  return typeof low === 'number' && typeof high === 'number' ? high * TWO_TO_32 + (low >>> 0) : undefined;
}
