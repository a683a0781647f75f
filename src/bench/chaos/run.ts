import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Closers } from '../../quickstart/stage/closers';
import { withinDeadline } from '../../quickstart/waiting';
import { openLedger } from '../stage/ledger';
import { addNumber, untilConnected } from '../stage/numbers';
import { startDurableTemporal } from '../stage/servers';
import { openWorld } from '../stage/world';
import { startCampaign } from './campaign';
import { createPrey, VICTIMS } from './kills';
import { verdictOf, type Verdict } from './verdict';

export interface ChaosOptions {
  /** In all. */
  messages: number;
  numbers: number;
  /** Of each number. */
  contacts: number;
  /** How often each of worker, ingress and Temporal is killed. */
  rounds: number;
  /** The gap between two sends of a number, milliseconds. */
  gapMs: number;
  /** Between two messages to one contact, milliseconds: long enough that the posts last as long as the kills. */
  pauseMs: number;
  /** How long everything may take to end once all is acknowledged, milliseconds. */
  endMs: number;
}

export interface ChaosStage {
  folder: string;
  /** An empty MySQL database. */
  databaseUrl: string;
  closers: Closers;
  say: (line: string) => void;
}

export interface ChaosReport {
  verdict: Verdict;
  acknowledged: number;
  sent: number;
  unknown: number;
  kills: number;
}

/** Off or short, so that minutes suffice: what is shown is loss, doubles and order, and not the pace. */
const QUICK = {
  WAAPIFY_TIMEOUT_MS: '2000',
  UNKNOWN_WAIT_MS: '3000',
  STATUS_FIRST_DELAY_MS: '100',
  // What is asked for every second would take a slow Temporal's time from the messages.
  SWEEP_INTERVAL_MS: '5000',
  PROBE_INTERVAL_MS: '10000',
  CAP_HOURLY: '100000',
  CAP_DAILY: '100000',
  CAP_NEW_HOURLY: '0',
  WARMUP_DAILY: '',
};

/**
 * Runs a campaign on several numbers while worker, ingress and Temporal are killed (SIGKILL) in turn, each in the midst of
 * a share of the posts, waits until the ledger has ended every message, and returns what the gateway saw of it.
 */
export async function runChaos(stage: ChaosStage, options: ChaosOptions): Promise<ChaosReport> {
  const { folder, databaseUrl, closers, say } = stage;
  const { numbers: count, contacts, gapMs, pauseMs } = options;
  const temporal = await startDurableTemporal(join(folder, 'temporal.db'), say, closers);
  const settings = { ...QUICK, ...paceOf(gapMs) };
  const world = await openWorld({ folder, temporal: temporal.temporal, databaseUrl, settings, closers });
  const running = { ingress: await world.start('ingress'), worker: await world.start('worker') };
  const numbers = [];
  for (let index = 1; index <= count; index++) numbers.push(await addNumber(world, running.ingress.admin, { index }));
  await untilConnected(running.ingress.admin, numbers);
  const ledger = openLedger(databaseUrl, closers);
  const prey = createPrey(world, temporal, running);
  const perContact = Math.ceil(options.messages / count / contacts);

  const campaign = startCampaign(world.ghl, { numbers, contacts, messages: perContact, pauseMs });
  const order = Array.from({ length: options.rounds }, () => VICTIMS).flat();
  const all = perContact * contacts * count;
  for (const [n, victim] of order.entries()) {
    const before = campaign.acknowledged.length;
    campaign.allow(Math.ceil(((n + 1) * perContact) / (order.length + 1)));
    const isGoingOn = (): boolean => campaign.acknowledged.length > before && world.waapify.sends().length > n;
    await until(options.endMs, 'the campaign to go on', isGoingOn);
    say(`${campaign.acknowledged.length} of ${all} acknowledged, ${world.waapify.sends().length} sent: kill ${victim}`);
    await prey.kill(victim);
  }
  campaign.allow(perContact);
  await campaign.ended;
  await until(options.endMs, 'every message to end', async () => (await ledger.open()) === 0 || sleep(200, false));

  const { acknowledged } = campaign;
  const [sends, ends] = [world.waapify.sends(), await ledger.ends()];
  const verdict = verdictOf({ acknowledged, sends, ends, cutOff: prey.workerKills() * count });
  const unknown = ends.filter(({ state }) => state === 'unknown').length;
  return { verdict, acknowledged: acknowledged.length, sent: sends.length, unknown, kills: order.length };
}

function paceOf(gapMs: number): Record<string, string> {
  const gap = `${gapMs}-${gapMs}`;
  return { PACE_TEXT_MS: gap, PACE_MEDIA_MS: gap, PACE_REPLY_MS: gap };
}

async function until(ms: number, what: string, probe: () => boolean | Promise<boolean>): Promise<void> {
  const never = new AbortController().signal;
  await withinDeadline(ms, never, (until) => until(what, probe));
}
