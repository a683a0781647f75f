/** Sizes of `bench lanes`; every duration says its unit. */
export interface LanesOptions {
  /** Of the campaign. */
  messages: number;
  /** At which they are posted, a second. */
  rate: number;
  /** With light traffic, beside the campaign's. */
  numbers: number;
  /** Between two messages of one of these. */
  lightEveryMs: number;
  /** The gap of every number: the default pace, scaled down. */
  gapMs: number;
  /** Runs of light traffic, quiet and while the campaign drains. */
  runs: number;
  runSeconds: number;
  /** For how long memory is looked at. */
  memorySeconds: number;
  /** Numbers on which somebody always waits, beside those of a gateway host that hangs. */
  busy: number;
  busyGapMs: number;
  hung: number;
  busySeconds: number;
  /** Messages that wait in the store alone. */
  storeMessages: number;
  /** Which parts are measured. */
  only: readonly LanesPart[];
  /** A file for the result as JSON. */
  json?: string;
  /** Ends with 1 where a goal is not met. */
  strict: boolean;
}

export const LANES_PARTS = ['campaign', 'busy', 'store'] as const;
export type LanesPart = (typeof LANES_PARTS)[number];
