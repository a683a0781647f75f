import { writeFile } from 'node:fs/promises';
import type { Closers } from '../../quickstart/stage/closers';
import { describeMachine } from '../machine';
import { openLedger } from '../stage/ledger';
import { addNumber, untilConnected, type BenchNumber } from '../stage/numbers';
import { startServers, type Servers } from '../stage/servers';
import { openWorld, type BenchWorld } from '../stage/world';
import { measureBusy } from './busy';
import { measureCampaign } from './campaign';
import { busyGoals, campaignGoals, isMet, storeGoals, type Goal } from './goals';
import type { LanesOptions } from './options';
import { busyLines, campaignLines, goalLines, storeLines } from './report';
import { measureStore } from './storeAlone';

export interface LanesStage {
  folder: string;
  closers: Closers;
  say: (line: string) => void;
}

/** The caps would stretch a campaign over days; they are tested in simulated time. */
const WITHOUT_CAPS = { CAP_HOURLY: '1000000', CAP_DAILY: '1000000', CAP_NEW_HOURLY: '0', WARMUP_DAILY: '' };

/** Measures the parts that are wanted, prints figures and goals. Returns whether every goal is met. */
export async function runLanes(stage: LanesStage, options: LanesOptions): Promise<boolean> {
  const { folder, closers, say } = stage;
  for (const line of describeMachine()) say(line);
  const servers = await startServers(folder, say, closers);
  say(`servers  ${servers.words}`);
  say(`pace     scaled down: ${options.gapMs} ms between two sends of a number; caps off`);
  const gap = `${options.gapMs}-${options.gapMs}`;
  const pace = { PACE_TEXT_MS: gap, PACE_MEDIA_MS: gap, PACE_REPLY_MS: gap };
  const { temporal, databaseUrl } = servers;
  const world = await openWorld({ folder, temporal, databaseUrl, settings: { ...WITHOUT_CAPS, ...pace }, closers });
  const measured = {
    ...(options.only.includes('store') && { store: await measureStoreAlone(world, servers, options, say) }),
    ...(options.only.some((part) => part !== 'store') && (await measureRunning(world, servers, options, say))),
  };
  const goals = await report(measured, options, say);
  return goals.every(isMet);
}

type Measured = Partial<{
  store: Awaited<ReturnType<typeof measureStore>>;
  campaign: Awaited<ReturnType<typeof measureCampaign>>;
  busy: Awaited<ReturnType<typeof measureBusy>>;
}>;

async function measureStoreAlone(
  { env }: BenchWorld,
  { mysqlUrl }: Servers,
  { storeMessages }: LanesOptions,
  say: (line: string) => void,
): ReturnType<typeof measureStore> {
  say(`store alone: ${storeMessages} messages are accepted`);
  return await measureStore(env, mysqlUrl, storeMessages);
}

async function measureRunning(
  world: BenchWorld,
  { databaseUrl }: Servers,
  options: LanesOptions,
  say: (line: string) => void,
): Promise<Measured> {
  const { only, numbers: count } = options;
  const ingress = await world.start('ingress');
  const worker = await world.start('worker');
  const ledger = openLedger(databaseUrl, world.closers);
  const measured: Measured = {};
  if (only.includes('campaign')) {
    const numbers: BenchNumber[] = [];
    for (let index = 0; index <= count; index++) numbers.push(await addNumber(world, ingress.admin, { index }));
    await untilConnected(ingress.admin, numbers);
    const [busy, ...light] = numbers as [BenchNumber, ...BenchNumber[]];
    measured.campaign = await measureCampaign({ world, ingress, worker, ledger, busy, light, say }, options);
  }
  if (only.includes('busy')) {
    const firstIndex = count + 1;
    measured.busy = await measureBusy({ world, admin: ingress.admin, ledger, firstIndex, say }, options);
  }
  return measured;
}

async function report(measured: Measured, options: LanesOptions, say: (line: string) => void): Promise<Goal[]> {
  const { campaign, busy, store } = measured;
  const lines = [
    ...(campaign === undefined ? [] : ['', ...campaignLines(campaign)]),
    ...(busy === undefined ? [] : ['', ...busyLines(busy)]),
    ...(store === undefined ? [] : ['', ...storeLines(store)]),
  ];
  const goals = [
    ...(campaign === undefined ? [] : campaignGoals(campaign)),
    ...(busy === undefined ? [] : busyGoals(busy)),
    ...(store === undefined ? [] : storeGoals(store)),
  ];
  for (const line of [...lines, '', ...goalLines(goals)]) say(line);
  if (options.json !== undefined) await writeFile(options.json, JSON.stringify({ options, goals, measured }, null, 2));
  return goals;
}
