import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminApi } from '../../ops/adminApi';
import { startSandboxWaapify } from '../../sandbox/waapify';
import type { Ledger } from '../stage/ledger';
import { addNumber, untilConnected, type BenchNumber } from '../stage/numbers';
import type { BenchWorld } from '../stage/world';
import type { LanesOptions } from './options';
import { slotErrors } from './slotErrors';

export interface BusyStage {
  world: BenchWorld;
  admin: AdminApi;
  ledger: Ledger;
  /** Its first numbers are others'. */
  firstIndex: number;
  say: (line: string) => void;
}

export interface BusyResult {
  numbers: number;
  hung: number;
  /** Slot errors of the busy numbers, milliseconds: alone, and beside a gateway host that hangs. */
  alone: number[];
  besideHung: number[];
}

/** So many more than go out meanwhile wait on each, so that somebody always does. */
const SPARE = 3;
const PATIENCE_MS = 600_000;
/** Some numbers are filled at the same time: one after the other would take longer than what is measured. */
const AT_ONCE = 10;

/** Measures how exactly busy numbers keep their times on one worker, then again beside a gateway host that hangs. */
export async function measureBusy(stage: BusyStage, options: LanesOptions): Promise<BusyResult> {
  const { world, admin, ledger, firstIndex, say } = stage;
  const gap = `${options.busyGapMs}-${options.busyGapMs}`;
  const settings = { paceTextMs: gap, paceMediaMs: gap, paceReplyMs: gap };
  say(`${options.busy} busy numbers are connected`);
  const busy: BenchNumber[] = [];
  for (let n = 0; n < options.busy; n++) busy.push(await addNumber(world, admin, { index: firstIndex + n, settings }));
  const hung = await hungNumbers(stage, options, firstIndex + options.busy);
  await untilConnected(admin, [...busy, ...hung]);

  const perNumber = Math.ceil((2 * options.busySeconds * 1_000) / options.busyGapMs) + SPARE;
  say(`${perNumber} messages wait on each`);
  await fill(world, busy, perNumber);
  const errorsOf = async (since: number): Promise<number[]> => {
    const errors: number[] = [];
    for (const { connectionId } of busy)
      errors.push(...slotErrors(await ledger.writes(connectionId, since), options.busyGapMs));
    return errors;
  };
  /** At least as long as is asked for, and on a slow machine until there is something to look at. */
  const watch = async (since: number): Promise<number[]> => {
    for (let seconds = options.busySeconds; ; seconds = 1) {
      await sleep(seconds * 1_000);
      const errors = await errorsOf(since);
      if (errors.length >= busy.length || (await ledger.now()) - since > PATIENCE_MS) return errors;
    }
  };
  say(`alone: ${options.busySeconds} s`);
  const alone = await watch(await ledger.now());

  say(`beside ${hung.length} numbers of a gateway host that hangs: ${options.busySeconds} s`);
  await fill(world, hung, perNumber);
  return { numbers: busy.length, hung: hung.length, alone, besideHung: await watch(await ledger.now()) };
}

/** Numbers on a gateway of their own that confirms that they are connected and never answers a send. */
async function hungNumbers(stage: BusyStage, options: LanesOptions, firstIndex: number): Promise<BenchNumber[]> {
  const { world, admin } = stage;
  const host = await startSandboxWaapify({ token: world.waapify.token });
  world.closers.add(() => host.stop());
  host.fault({ end: 'hang', times: Number.MAX_SAFE_INTEGER });
  const numbers: BenchNumber[] = [];
  for (let n = 0; n < options.hung; n++)
    numbers.push(await addNumber({ ...world, waapify: host }, admin, { index: firstIndex + n, baseUrl: host.baseUrl }));
  return numbers;
}

async function fill(world: BenchWorld, numbers: readonly BenchNumber[], perNumber: number): Promise<void> {
  const left = [...numbers];
  const next = async (): Promise<void> => {
    for (let number = left.pop(); number !== undefined; number = left.pop()) {
      const { locationId, phoneOf } = number;
      for (let n = 0; n < perNumber; n++)
        await world.ghl.agentSends({ locationId, phone: phoneOf(n), text: `busy ${locationId}, ${n}` });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}
