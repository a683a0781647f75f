import { percentilesOf } from '../percentiles';
import type { BusyResult } from './busy';
import type { CampaignResult } from './campaign';
import type { StoreAlone } from './storeAlone';

/** One thing that should hold: what was measured, and up to what it may be. */
export interface Goal {
  name: string;
  value: number;
  limit: number;
  unit: 'ms' | 'messages' | 'claims';
}

/** Ten of a hundred more are allowed, or the spread of the quiet runs where that is more. */
const SHARE = 0.1;
/** The clocks of the ledger and of a write differ by what a query takes. */
const CLOCK_MS = 50;
const CLAIMS = 3;
const RECONNECT_MS = 2_000;
/** A full lane may take this many times what an empty one does, and a few milliseconds for the noise of a disk. */
const FULL_TIMES = 2;
const DISK_MS = 5;

/** Returns whether a goal is met; what could not be measured is not. */
export function isMet({ value, limit }: Goal): boolean {
  return value <= limit;
}

/** Returns the p95 of several runs: the median of theirs, and how far they lie apart. */
export function p95OfRuns(runs: readonly (readonly number[])[]): { median: number; spread: number } {
  const { median, max } = percentilesOf(runs.map((run) => percentilesOf(run).p95));
  const least = Math.min(...runs.map((run) => percentilesOf(run).p95));
  return { median, spread: max - least };
}

/** Returns the goals of the campaign. */
export function campaignGoals(result: CampaignResult): Goal[] {
  const quiet = p95OfRuns(result.quiet);
  const draining = p95OfRuns(result.whileDraining);
  const allowed = quiet.median + Math.max(SHARE * quiet.median, quiet.spread);
  return [
    { name: "others' p95 while it drains", value: draining.median, limit: allowed, unit: 'ms' },
    { name: 'posts that were refused', value: result.refused, limit: 0, unit: 'messages' },
    { name: 'inversions', value: result.inversions, limit: 0, unit: 'messages' },
    { name: 'sent twice', value: result.duplicates, limit: 0, unit: 'messages' },
    { name: 'gaps that were not kept', value: tooEarly(result.slotErrors), limit: 0, unit: 'messages' },
    { name: 'claims per message', value: claimsPerMessage(result), limit: CLAIMS, unit: 'claims' },
    { name: 'first send after a reconnect', value: result.reconnectMs, limit: RECONNECT_MS, unit: 'ms' },
  ];
}

/** Returns the goals of busy numbers beside a host that hangs. */
export function busyGoals({ alone, besideHung }: BusyResult): Goal[] {
  const [before, after] = [percentilesOf(alone), percentilesOf(besideHung)];
  const limit = before.p95 + Math.max(SHARE * before.p95, before.p95 - before.median);
  return [
    { name: 'slot error p95 beside a hung host', value: after.p95, limit, unit: 'ms' },
    { name: 'gaps that were not kept, busy', value: tooEarly([...alone, ...besideHung]), limit: 0, unit: 'messages' },
  ];
}

/** Returns the goals of the store alone. */
export function storeGoals({ acceptEmpty, acceptFull }: StoreAlone): Goal[] {
  const limit = FULL_TIMES * acceptEmpty.median + DISK_MS;
  return [{ name: 'an accept to a full lane, median', value: acceptFull.median, limit, unit: 'ms' }];
}

/** Looks of one that sits out a short wait are no claims, nor is the one that finds nothing more to send. */
export function claimsPerMessage({ claims, sent }: Pick<CampaignResult, 'claims' | 'sent'>): number {
  return ((claims['granted'] ?? 0) + (claims['wait'] ?? 0)) / sent;
}

function tooEarly(errors: readonly number[]): number {
  return errors.filter((error) => error < -CLOCK_MS).length;
}
