import { findDuplicates, findInversions, type ExpectedSend } from '../../sandbox/checkers';
import { percentilesOf, type Percentiles } from '../percentiles';
import type { BridgeProcess } from '../stage/bridgeProcess';
import type { Ledger } from '../stage/ledger';
import { valuesByLabel } from '../stage/metricsText';
import type { BenchNumber } from '../stage/numbers';
import type { BenchWorld } from '../stage/world';
import { postBacklog, type Backlog } from './backlog';
import { runLightTraffic } from './light';
import { leastMemory, type Memory } from './memory';
import type { LanesOptions } from './options';
import { firstAfterReconnect } from './reconnect';
import { slotErrors } from './slotErrors';

export interface CampaignStage {
  world: BenchWorld;
  ingress: BridgeProcess;
  worker: BridgeProcess;
  ledger: Ledger;
  /** On which the campaign runs. */
  busy: BenchNumber;
  light: readonly BenchNumber[];
  say: (line: string) => void;
}

/** Memory of both processes while so many messages wait. */
export interface MemoryAt {
  waiting: number;
  ingress: Memory;
  worker: Memory;
}

export interface CampaignResult {
  /** One array of latencies a run, milliseconds. */
  quiet: number[][];
  whileAccepting: number[];
  whileDraining: number[][];
  acknowledgement: Percentiles;
  refused: number;
  memory: MemoryAt[];
  /** Of the campaign's own number while it drained, milliseconds. */
  slotErrors: number[];
  /** Parts of all numbers that were written while it drained. */
  sent: number;
  /** Claims while it drained, by what became of them. */
  claims: Record<string, number>;
  inversions: number;
  duplicates: number;
  reconnectMs: number;
}

/** Half of the campaign's contacts get a second message, so that there is an order to keep. */
const CONTACT_SHARE = 2 / 3;

/** Measures a campaign on one number beside light traffic on others, step by step. */
export async function measureCampaign(stage: CampaignStage, options: LanesOptions): Promise<CampaignResult> {
  const { world, worker, ledger, busy, light, say } = stage;
  const run = async (name: string, seconds = options.runSeconds): Promise<number[]> => {
    say(`${name}: ${seconds} s of light traffic on ${light.length} numbers`);
    return await runLightTraffic(world, { numbers: light, everyMs: options.lightEveryMs, seconds, name });
  };
  await run('warm-up');
  const quiet = await times(options.runs, (n) => run(`quiet ${n}`));

  const memory = [await memoryOf(stage, options)];
  const contacts = Math.ceil(options.messages * CONTACT_SHARE);
  const post = async (from: number, count: number): Promise<Backlog> => {
    say(`campaign: ${count} messages at ${options.rate}/s`);
    return await postBacklog(world, { number: busy, from, count, rate: options.rate, contacts });
  };
  const few = Math.min(1_000, options.messages);
  const first = await post(0, few);
  memory.push(await memoryOf(stage, options));
  const rest = options.messages - few;
  const [second, whileAccepting] = await Promise.all([
    post(few, rest),
    rest === 0 ? [] : run('while it is accepted', Math.max(1, Math.floor(rest / options.rate))),
  ]);
  memory.push(await memoryOf(stage, options));

  const before = { claims: await claimsOf(worker), now: await ledger.now() };
  const whileDraining = await times(options.runs, (n) => run(`draining ${n}`));
  const writes = await ledger.writes(busy.connectionId, before.now);
  const sent = await ledger.written(before.now);
  const claims = difference(await claimsOf(worker), before.claims);
  say('the number loses its session and gets it back');
  const reconnectMs = await firstAfterReconnect(world, ledger, busy);

  const accepted = [...first.accepted, ...second.accepted];
  const sends = world.waapify.sends(busy.instanceId);
  return {
    quiet,
    whileAccepting,
    whileDraining,
    acknowledgement: percentilesOf([...first.latencies, ...second.latencies]),
    refused: first.refused + second.refused,
    memory,
    slotErrors: slotErrors(writes, options.gapMs),
    sent,
    claims,
    inversions: findInversions(sends, orderOf(accepted)).length,
    duplicates: findDuplicates(sends).length,
    reconnectMs,
  };
}

async function memoryOf(
  { ledger, ingress, worker }: CampaignStage,
  { memorySeconds }: LanesOptions,
): Promise<MemoryAt> {
  const waiting = await ledger.open();
  const [ofIngress, ofWorker] = await Promise.all([
    leastMemory(ingress, memorySeconds),
    leastMemory(worker, memorySeconds),
  ]);
  return { waiting, ingress: ofIngress, worker: ofWorker };
}

async function claimsOf(worker: BridgeProcess): Promise<Map<string, number>> {
  return valuesByLabel(await worker.metrics(), 'bridge_lane_claims_total', 'result');
}

function difference(after: Map<string, number>, before: Map<string, number>): Record<string, number> {
  return Object.fromEntries([...after].map(([result, value]) => [result, value - (before.get(result) ?? 0)]));
}

function orderOf(accepted: readonly ExpectedSend[]): Record<string, string[]> {
  const order: Record<string, string[]> = {};
  for (const { number, text } of accepted) (order[number] ??= []).push(text);
  return order;
}

async function times<T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let n = 1; n <= count; n++) results.push(await work(n));
  return results;
}
