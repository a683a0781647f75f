/** What is told of a list of durations, all in milliseconds. */
export interface Percentiles {
  count: number;
  median: number;
  p95: number;
  p99: number;
  max: number;
}

/** Returns the percentiles of some durations by nearest rank: each is one that was measured. NaN where there is none. */
export function percentilesOf(durations: readonly number[]): Percentiles {
  const sorted = Float64Array.from(durations).sort();
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
  return { count: sorted.length, median: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
