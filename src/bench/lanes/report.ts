import { percentilesOf } from '../percentiles';
import type { BusyResult } from './busy';
import type { CampaignResult, MemoryAt } from './campaign';
import { isMet, p95OfRuns, type Goal } from './goals';
import type { Memory } from './memory';
import type { StoreAlone } from './storeAlone';

/** Returns the goals as lines of a table, one goal each, with PASS or FAIL. */
export function goalLines(goals: readonly Goal[]): string[] {
  const width = Math.max(...goals.map(({ name }) => name.length)) + 2;
  return goals.map((goal) => {
    const { name, value, limit, unit } = goal;
    const cells = [value, limit].map((figure) => figure.toFixed(unit === 'messages' ? 0 : 1).padStart(9));
    return `${isMet(goal) ? 'PASS' : 'FAIL'}  ${name.padEnd(width)}${cells[0]} of at most ${cells[1]} ${unit}`;
  });
}

/** Returns the campaign's figures as lines. */
export function campaignLines(result: CampaignResult): string[] {
  const [quiet, draining] = [p95OfRuns(result.quiet), p95OfRuns(result.whileDraining)];
  return [
    row('', ['count', 'median', 'p95', 'p99', 'max']),
    durations('others, quiet', result.quiet.flat()),
    durations('others, while accepting', result.whileAccepting),
    durations('others, while draining', result.whileDraining.flat()),
    durations('slot error of the campaign', result.slotErrors),
    `p95 of each run: quiet ${ms(quiet.median)} (spread ${ms(quiet.spread)}), draining ${ms(draining.median)} (spread ${ms(draining.spread)})`,
    `acknowledgement: median ${ms(result.acknowledgement.median)}, p99 ${ms(result.acknowledgement.p99)}`,
    `claims while ${result.sent} were sent: ${JSON.stringify(result.claims)}`,
    ...memoryLines(result.memory),
  ];
}

/** Returns the busy numbers' figures as lines. */
export function busyLines({ numbers, hung, alone, besideHung }: BusyResult): string[] {
  return [
    row('', ['count', 'median', 'p95', 'p99', 'max']),
    durations(`slot error of ${numbers} busy`, alone),
    durations(`the same beside ${hung} hung`, besideHung),
  ];
}

/** Returns the store's figures as lines. */
export function storeLines(store: StoreAlone): string[] {
  const { messages, acceptEmpty, acceptFull, headFull, refusedFull, bytesEach } = store;
  const told = [acceptEmpty, acceptFull, headFull, refusedFull].map(
    ({ median, p99 }) => `${ms(median)} (p99 ${ms(p99)})`,
  );
  return [
    `store alone, ${messages} waiting in one lane: accept ${told[1]}, to an empty lane ${told[0]}`,
    `the head's look ${told[2]}, a refused claim ${told[3]}; ${Math.round(bytesEach)} bytes on disk each`,
  ];
}

/** What each waiting message takes, against what was taken when (almost) none waited. */
function memoryLines([none, ...others]: readonly MemoryAt[]): string[] {
  if (none === undefined) return [];
  return others.map(({ waiting, ingress, worker }) => {
    const more = waiting - none.waiting;
    const each = (now: Memory, then: Memory): string =>
      `heap ${kb((now.heap - then.heap) / more)}, resident ${kb((now.resident - then.resident) / more)}`;
    return `memory of each of ${waiting} waiting: ingress ${each(ingress, none.ingress)}; worker ${each(worker, none.worker)}`;
  });
}

function durations(name: string, values: readonly number[]): string {
  const { count, median, p95, p99, max } = percentilesOf(values);
  return row(name, [String(count), ...[median, p95, p99, max].map(ms)]);
}

function row(name: string, cells: readonly string[]): string {
  return [name.padEnd(28), ...cells.map((cell) => cell.padStart(12))].join('').trimEnd();
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function kb(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}
