import { startProcess } from '../support/bridgeProcess';
import { expectFirst, expectFollowers, openCase, type CrashCase } from '../support/crashCase';
import { inSqliteLedger, openLedger, type CrashLedger } from '../support/crashLedger';
import { isAlive, npmStart } from '../support/crashNpm';
import { addNumber } from '../support/crashNumbers';
import { hasMysql } from '../support/mysqlServer';
import { useTemporal } from '../support/temporalServer';
import { openWorld, type World } from '../support/world';

/** A dead worker is noticed after the heartbeat timeout, and two cores may be shared by several such worlds. */
jest.setTimeout(240_000);

/** The promise of the shutdown. */
const STOPPED_MS = 60_000;
/** The gateway answers this late: long after the signal, well before its call would be given up. */
const SLOW_ANSWER_MS = 6_000;
const SETTINGS = { WAAPIFY_TIMEOUT_MS: '15000' };

type Admin = Parameters<typeof addNumber>[1];

/** One message is with the gateway, which takes its time; two more wait for their turn. */
async function sendInHand(world: World, admin: Admin): Promise<CrashCase> {
  const number = await addNumber(world, admin, 'slow', 0);
  world.waapify.fault({ end: 'pass', replyAfterMs: SLOW_ANSWER_MS, instanceId: number.instanceId, text: 'first' });
  return await openCase(number, (text) => number.untilAsked(text));
}

/** What was in hand is over and written down; what was not is untouched. */
async function expectSettled(ledger: CrashLedger, { number, first, toSameContact, toAnotherContact }: CrashCase) {
  const { gatewayId } = number.sends(first.text)[0]!;
  expect(await ledger.part(first.messageId)).toMatchObject({ gateway_id: gatewayId, lease_until: null });
  expect((await ledger.part(first.messageId)).state).toMatch(/^(sent|delivered|read)$/);
  for (const { messageId } of [toSameContact, toAnotherContact]) {
    expect((await ledger.part(messageId)).state).toBe('unsent');
  }
  expect(number.sends()).toHaveLength(1);
}

/** Resolves with the exit code; rejects when the promise is not kept. */
async function within60s(stop: Promise<number | null>): Promise<number | null> {
  const from = Date.now();
  const code = await stop;
  expect(Date.now() - from).toBeLessThan(STOPPED_MS);
  return code;
}

/** What came while it stopped is lost with the listener; a receipt after the restart still finds its message. */
async function expectOnceAfterRestart(world: World, admin: Admin, one: CrashCase): Promise<void> {
  await expectFollowers(world, admin, one);
  await world.waapify.receipt(one.number.sends(one.first.text)[0]!.gatewayId, 4);
  await expectFirst(world, admin, one, { state: 'read', sends: 1 });
}

/** Three worlds side by side, each with a Temporal of its own: most of their time is waiting. */
const inOneProcess = useTemporal();
const underNpm = useTemporal();
const inWorker = useTemporal();

test.concurrent(
  'all roles in one process: exit 0 within 60 s, the outcome is in the ledger, nothing is sent twice after the restart',
  async () => {
    const world = await openWorld(inOneProcess, { env: SETTINGS });
    const stopped = await startProcess(world);
    const one = await sendInHand(world, stopped.admin);
    expect(await within60s(stopped.stop())).toBe(0);
    await inSqliteLedger(world, (ledger) => expectSettled(ledger, one));
    const next = await startProcess(world);
    await expectOnceAfterRestart(world, next.admin, one);
  },
);

test.concurrent(
  'to npm: `npm start` exits 0 within 60 s and leaves no node behind, the outcome is in the ledger',
  async () => {
    const world = await openWorld(underNpm, { env: SETTINGS });
    const npm = await npmStart(world);
    expect(npm.nodePid).not.toBe(npm.npmPid);
    const one = await sendInHand(world, npm.admin);
    expect(await within60s(npm.terminate())).toBe(0);
    expect(isAlive(npm.nodePid)).toBe(false);
    await inSqliteLedger(world, (ledger) => expectSettled(ledger, one));
  },
);

const testOnMysql = hasMysql ? test.concurrent : test.concurrent.skip;

testOnMysql(
  'a worker process (MySQL): exit 0 within 60 s, the outcome is in the ledger, another worker sends the rest',
  async () => {
    const world = await openWorld(inWorker, { store: 'mysql', env: SETTINGS });
    const ledger = await openLedger(world);
    const ingress = await startProcess(world, { role: 'ingress' });
    const stopped = await startProcess(world, { role: 'worker' });
    const one = await sendInHand(world, ingress.admin);
    expect(await within60s(stopped.stop())).toBe(0);
    await expectSettled(ledger, one);
    await startProcess(world, { role: 'worker' });
    await expectOnceAfterRestart(world, ingress.admin, one);
    expect(await within60s(ingress.stop())).toBe(0);
  },
);
