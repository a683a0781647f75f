import parseRange from 'range-parser';

/** The part of a file that is asked for, both ends included; `all`: the whole file; `bad`: none of it. */
export type Wanted = { start: number; end: number } | 'all' | 'bad';

/**
 * Returns what a Range header asks of a file of so many bytes (RFC 9110). Several ranges at once, another unit, or a
 * malformed one get the whole file, as a server may choose.
 */
export function wantedOf(header: string, bytes: number): Wanted {
  if (header === '') return 'all';
  const ranges = parseRange(bytes, header);
  if (ranges === -1) return 'bad';
  if (ranges === -2 || ranges.type !== 'bytes') return 'all';
  const [range, ...more] = ranges;
  return range === undefined || more.length > 0 ? 'all' : range;
}
