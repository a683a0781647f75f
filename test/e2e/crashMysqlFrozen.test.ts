import { eventually } from '../support/adminClient';
import { startProcess, type BridgeProcess } from '../support/bridgeProcess';
import { expectFirst, expectFollowers, openCase, type CrashCase } from '../support/crashCase';
import { openLedger, type CrashLedger } from '../support/crashLedger';
import { counterOf } from '../support/crashMetrics';
import { addNumber, type CrashNumber } from '../support/crashNumbers';
import { startRelay, type Relay } from '../support/crashRelay';
import { describeMysql } from '../support/mysqlServer';
import { useTemporal } from '../support/temporalServer';
import { openWorld, type World } from '../support/world';

/** A dead worker is noticed after the heartbeat timeout, and two cores may be shared by several such worlds. */
jest.setTimeout(400_000);

/**
 * A worker process is frozen (SIGSTOP: a paused virtual machine, a full disk) with three messages in hand and thawed
 * when its leases are long over and another process has looked at what it left.
 */
const SETTINGS = {
  WAAPIFY_TIMEOUT_MS: '6000',
  // The probe takes the lane's lock too, and the worker is to be frozen without one.
  PROBE_INTERVAL_MS: '600000',
  // Long enough to thaw it while its unwritten message still waits for an echo.
  UNKNOWN_WAIT_MS: '8000',
};
/**
 * Heartbeat timeout, then the other worker's look at the ledger. The frozen process still holds polls: each that is
 * given a try costs a heartbeat timeout more.
 */
const NOTICED_MS = 150_000;

describeMysql('a worker process is frozen and thawed after its leases (MySQL)', () => {
  const temporal = useTemporal();
  let world: World;
  let ledger: CrashLedger;
  let ingress: BridgeProcess;
  let frozen: BridgeProcess;
  let unwritten: CrashCase;
  let written: CrashCase;
  let writtenNoEcho: CrashCase;
  let thawedAt: number;

  beforeAll(async () => {
    world = await openWorld(temporal, { store: 'mysql', env: SETTINGS });
    ledger = await openLedger(world);
    const database = new URL((await world.env()).DATABASE_URL!);
    const toDatabase = await relayTo(Number(database.port));
    database.port = String(toDatabase.port);
    ingress = await startProcess(world, { role: 'ingress' });
    frozen = await startProcess(world, { role: 'worker', env: { DATABASE_URL: database.href } });
    // The numbers first: from the first call on it has to be frozen before that call ends by itself.
    const relays = [await relayTo(world.waapify.port), await relayTo(world.waapify.port)] as const;
    const numbers = await Promise.all(
      ['written', 'writtenNoEcho', 'unwritten'].map((name, place) =>
        addNumber(world, ingress.admin, name, place, relays[place]?.port),
      ),
    );
    const [one, two] = await Promise.all([
      afterTheWrite(numbers[0]!, relays[0], 'after'),
      afterTheWrite(numbers[1]!, relays[1], 'lost'),
    ]);
    written = one.case;
    writtenNoEcho = two.case;
    const three = await betweenClaimAndWrite(numbers[2]!, toDatabase);
    unwritten = three.case;
    await freeze([written, writtenNoEcho, unwritten]);
    for (const { release } of [one, two, three]) release();
    await startProcess(world, { role: 'worker' });
    await eventually(async () => {
      expect((await ledger.part(unwritten.first.messageId)).state).toBe('ambiguous');
    }, NOTICED_MS);
    thawedAt = Date.now();
    frozen.thaw();
  });

  async function relayTo(port: number): Promise<Relay> {
    const relay = await startRelay(port);
    temporal.onEnd(relay.stop);
    return relay;
  }

  type Staged = { case: CrashCase; release: () => void };

  /** The gateway has sent the message and its answer is on the way. */
  async function afterTheWrite(number: CrashNumber, relay: Relay, echo: 'after' | 'lost'): Promise<Staged> {
    const answer = relay.holdAnswer('message=', 'first');
    world.waapify.fault({ end: 'pass', echo, instanceId: number.instanceId, text: 'first' });
    return { case: await openCase(number, () => answer.reached), release: answer.release };
  }

  /** The claim is committed, the worker does not know it yet, and nothing was written to the gateway. */
  async function betweenClaimAndWrite(number: CrashNumber, toDatabase: Relay): Promise<Staged> {
    const answer = toDatabase.holdAnswer("`attempt_token` = '", 'COMMIT');
    const one = await openCase(number, () => answer.reached);
    await eventually(async () => {
      expect((await ledger.part(one.first.messageId)).state).toBe('sending');
    });
    return { case: one, release: answer.release };
  }

  /** Freezes the worker at a moment when none of its transactions (a sitter's look, say) holds a lane. */
  async function freeze(cases: CrashCase[]): Promise<void> {
    await eventually(async () => {
      frozen.freeze();
      const free = await Promise.all(cases.map(({ number }) => ledger.laneIsFree(number.connectionId)));
      if (free.every(Boolean)) return;
      frozen.thaw();
      throw new Error('the frozen worker holds a lane');
    });
  }

  test('frozen before the write: nothing is written on the old claim, one send overall', async () => {
    await expectFirst(world, ingress.admin, unwritten, { state: 'read', sends: 1 });
    await expectFollowers(world, ingress.admin, unwritten);
    expect(unwritten.number.sends(unwritten.first.text)[0]!.at).toBeGreaterThanOrEqual(thawedAt);
    expect((await ledger.part(unwritten.first.messageId)).claimed_at).toBeGreaterThanOrEqual(thawedAt);
    expect(await counterOf(world, frozen, 'bridge_gateway_sends_total', 'code="stale_claim"')).toBe(1);
  });

  test('frozen after the write: one send, and the echo settles it', async () => {
    await expectFirst(world, ingress.admin, written, { state: 'read', sends: 1 });
    await expectFollowers(world, ingress.admin, written);
  });

  test('frozen after the write, echo lost: one send; the late answer proves it, else it is unknown', async () => {
    const states = ['unknown', 'read'];
    const { number, first } = writtenNoEcho;
    await ingress.admin.untilState(number.locationId, first.messageId, states, NOTICED_MS);
    await expectFollowers(world, ingress.admin, writtenNoEcho);
    const { state } = await ingress.admin.message(number.locationId, first.messageId);
    const end = state === 'read' ? { state } : { state: 'unknown' as const, reason: 'no_echo' };
    await expectFirst(world, ingress.admin, writtenNoEcho, { ...end, sends: 1 } as Parameters<typeof expectFirst>[3]);
  });
});
