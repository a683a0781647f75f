import { percentilesOf } from '../percentiles';
import type { LoadResult } from './openLoop';

export interface Measured {
  bridge: LoadResult;
  bare: LoadResult;
  /** Durations of single commits, milliseconds. */
  commits: number[];
  temporalDown: boolean;
}

/** Goals of the ingress, in milliseconds of the bridge's p99. */
const P99_MS = 50;
const P99_TEMPORAL_DOWN_MS = 100;
/** The median may be this many times the bare route's, and one commit on top. */
const MEDIAN_FACTOR = 1.5;

const HEAD = ['', 'count', 'errors', 'median', 'p95', 'p99', 'max', 'cpu/post'];

/** Returns the table of a run and how it stands to the goals, as lines. */
export function reportOf({ bridge, bare, commits, temporalDown }: Measured): string[] {
  const ofBridge = percentilesOf(bridge.latencies);
  const ofBare = percentilesOf(bare.latencies);
  const commit = percentilesOf(commits).median;
  const limit = MEDIAN_FACTOR * ofBare.median + commit;
  const p99Limit = temporalDown ? P99_TEMPORAL_DOWN_MS : P99_MS;
  return [
    row(HEAD),
    row(['bridge', ...cells(bridge.latencies, errorsOf(bridge)), ms(bridge.cpuMs)]),
    row(['bare Koa', ...cells(bare.latencies, errorsOf(bare)), ms(bare.cpuMs)]),
    row(['one commit', ...cells(commits, '')]),
    row(['sent late by', ...cells(bridge.lateness, '')]),
    '',
    `median   ${(ofBridge.median / ofBare.median).toFixed(2)} x bare; ${verdict(ofBridge.median, limit)} (${MEDIAN_FACTOR} x bare and one commit)`,
    `p99      ${verdict(ofBridge.p99, p99Limit)}`,
  ];
}

function errorsOf({ errors }: LoadResult): string {
  const told = [...errors].map(([what, times]) => `${times} x ${what}`);
  return told.length === 0 ? '0' : told.join(', ');
}

function cells(durations: readonly number[], errors: string): string[] {
  const { count, median, p95, p99, max } = percentilesOf(durations);
  return [String(count), errors, ...[median, p95, p99, max].map(ms)];
}

function row([name = '', ...values]: string[]): string {
  return [name.padEnd(13), ...values.map((value) => value.padStart(11))].join('').trimEnd();
}

function verdict(value: number, limit: number): string {
  return `${ms(value)}, goal ${ms(limit)}: ${value <= limit ? 'met' : 'NOT met'}`;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
