import { Client, Connection } from '@temporalio/client';
import { findDuplicates, findInversions, findLost } from '../../src/sandbox/checkers';
import { eventually } from '../support/adminClient';
import { startProcess, type BridgeProcess } from '../support/bridgeProcess';
import { openLedger, type CrashLedger } from '../support/crashLedger';
import { addNumber, type CrashMessage, type CrashNumber } from '../support/crashNumbers';
import { describeMysql } from '../support/mysqlServer';
import { useTemporal } from '../support/temporalServer';
import { openWorld, type World } from '../support/world';

/** A dead worker is noticed after the heartbeat timeout, and two cores may be shared by several such worlds. */
jest.setTimeout(240_000);

const MESSAGES = 50;
const CONTACTS = 10;
const GAP_MS = 150;
/** While this one is with the gateway, the worker process that has it in hand is killed. */
const IN_THE_MIDDLE = 'message 20 of 50';
/** The dead worker's lease and heartbeat, and 50 gaps on a busy machine. */
const DRAINED_MS = 90_000;
/** The pace of arrivals is measured over so many: each may come late, while other processes have the two cores. */
const STRETCH = 10;

const SETTINGS = {
  PACE_TEXT_MS: `${GAP_MS}-${GAP_MS + 50}`,
  // Time enough to find out who has the one in the middle in hand, and to kill it.
  WAAPIFY_TIMEOUT_MS: '5000',
  // Fifty at once on a new number: what is tested here is not its caps.
  CAP_HOURLY: '1000',
  CAP_NEW_HOURLY: '0',
  WARMUP_DAILY: '',
};

describeMysql('two worker processes and an ingress, one worker killed in the middle of 50 messages (MySQL)', () => {
  const temporal = useTemporal();
  let world: World;
  let ledger: CrashLedger;
  let number: CrashNumber;
  const messages: CrashMessage[] = [];

  beforeAll(async () => {
    world = await openWorld(temporal, { store: 'mysql', env: SETTINGS });
    ledger = await openLedger(world);
    const ingress = await startProcess(world, { role: 'ingress' });
    const workers = await Promise.all([
      startProcess(world, { role: 'worker' }),
      startProcess(world, { role: 'worker' }),
    ]);
    number = await addNumber(world, ingress.admin, 'campaign', 0);
    world.waapify.fault({ end: 'pass', text: IN_THE_MIDDLE, replyAfterMs: 4_500 });
    for (let n = 1; n <= MESSAGES; n++) messages.push(await number.send(`message ${n} of ${MESSAGES}`, n % CONTACTS));
    const middle = messages.find(({ text }) => text.endsWith(IN_THE_MIDDLE))!;
    await number.untilAsked(middle.text);
    await (await holderOf(middle, workers)).kill();
    expect((await ledger.part(middle.messageId)).state).toBe('sending');
    await world.ghl.waitFor(
      () => messages.every(({ messageId }) => world.ghl.message(messageId)?.status === 'read'),
      DRAINED_MS,
      'all to be read',
    );
  });

  /** The process in whose hands the message is: Temporal knows a worker by its process id. */
  async function holderOf({ messageId }: CrashMessage, workers: BridgeProcess[]): Promise<BridgeProcess> {
    const connection = await Connection.connect({ address: temporal.server.address });
    try {
      const { workflow } = new Client({ connection });
      const { raw } = await workflow.getHandle(`outbound:${number.locationId}:${messageId}`).describe();
      const identity = raw.pendingActivities?.[0]?.lastWorkerIdentity;
      const holder = workers.find(({ pid }) => identity?.startsWith(`${pid}@`));
      if (holder === undefined) throw new Error(`nobody of ours has it: ${identity}`);
      return holder;
    } finally {
      await connection.close();
    }
  }

  test('every message is sent, and once', () => {
    const sends = number.sends();
    expect(findDuplicates(sends)).toEqual([]);
    expect(
      findLost(
        messages.map(({ digits, text }) => ({ number: digits, text })),
        sends,
      ),
    ).toEqual([]);
    expect(sends).toHaveLength(MESSAGES);
    for (const { text } of messages) expect(number.asked(text)).toHaveLength(1);
  });

  test("each contact's messages go in the order of acceptance", () => {
    const order: Record<string, string[]> = {};
    for (const { digits, text } of messages) (order[digits] ??= []).push(text);
    expect(Object.keys(order)).toHaveLength(CONTACTS);
    expect(findInversions(number.sends(), order)).toEqual([]);
  });

  test('the gap is kept from write to write, on both workers and across the kill', async () => {
    const written = (await ledger.writtenParts(number.connectionId)).map((part) => part.written_at!);
    expect(written).toHaveLength(MESSAGES);
    expect(shortest(written)).toBeGreaterThanOrEqual(GAP_MS);
    const arrived = number.sends().map(({ at }) => at);
    expect(shortest(arrived, STRETCH)).toBeGreaterThanOrEqual((STRETCH / 2) * GAP_MS);
  });

  test('the ledger and GHL agree: all are read, nothing is open', async () => {
    for (const { messageId } of messages) {
      await eventually(async () =>
        expect(await ledger.message(messageId)).toMatchObject({ state: 'read', told: 'read' }),
      );
    }
    expect(await ledger.lane(number.connectionId)).toMatchObject({ lease_token: null, wake_due_message: null });
  });
});

/** Returns the shortest distance between neighbours, or between those so many places apart. */
function shortest(times: number[], apart = 1): number {
  return Math.min(...times.slice(apart).map((time, index) => time - times[index]!));
}
