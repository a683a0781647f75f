import { eventually } from '../support/adminClient';
import { startProcess, type BridgeProcess } from '../support/bridgeProcess';
import { expectFirst, expectFollowers, openCase, type CrashCase } from '../support/crashCase';
import { openLedger, type CrashLedger } from '../support/crashLedger';
import { addNumber, type CrashNumber } from '../support/crashNumbers';
import { describeMysql } from '../support/mysqlServer';
import { useTemporal } from '../support/temporalServer';
import { openWorld, type World } from '../support/world';

/**
 * A worker process is killed (kill -9) while it has messages of seven numbers in hand, each at another point of its
 * send; another worker process takes over. One kill for all: a dead worker is noticed after the heartbeat timeout.
 */
const SETTINGS = {
  // Time enough to bring all seven to their points before the first of their calls ends by itself.
  WAAPIFY_TIMEOUT_MS: '9000',
  // The probe takes the lane's lock too: not while a test holds it.
  PROBE_INTERVAL_MS: '600000',
};
/** After the kill, before the dead worker's lease ends. */
const AFTER_THE_KILL_MS = 12_000;

describeMysql('a worker process is killed; another one takes over (MySQL)', () => {
  const temporal = useTemporal();
  const cases = {} as Record<Name, CrashCase>;
  let world: World;
  let ledger: CrashLedger;
  let ingress: BridgeProcess;

  const NAMES = ['before', 'sent', 'notSent', 'echoLost', 'sentLater', 'answered', 'answeredNoEcho'] as const;
  type Name = (typeof NAMES)[number];

  beforeAll(async () => {
    world = await openWorld(temporal, { store: 'mysql', env: SETTINGS });
    ingress = await startProcess(world, { role: 'ingress' });
    ledger = await openLedger(world);
    const relay = await startRelay(world.waapify.port);
    temporal.onEnd(relay.stop);
    const numbers = await addNumbers(relay.port);
    // Accepted while no worker runs; the one that comes finds the lane locked and stands in its claim when it dies.
    const before = await openCase(numbers.before, () => Promise.resolve());
    const unlock = await ledger.lockLane(numbers.before.connectionId);
    const doomed = await startProcess(world, { role: 'worker' });
    await ledger.untilSomebodyWaitsFor(numbers.before.connectionId);
    const unlockOthers = await Promise.all([
      stage('sent', numbers.sent, { end: 'hang', sent: true }),
      stage('notSent', numbers.notSent, { end: 'hang' }),
      stage('echoLost', numbers.echoLost, { end: 'hang', sent: true, echo: 'lost' }),
      stage('sentLater', numbers.sentLater, { end: 'hang', sent: true, sendAfterMs: AFTER_THE_KILL_MS }),
      ...(['answered', 'answeredNoEcho'] as const).map(async (name) => {
        await stage(name, numbers[name], { end: 'pass', echo: 'lost', replyAfterMs: LATE_ANSWER_MS });
        locks.push(await ledger.lockLane(numbers[name].connectionId));
        await numbers[name].untilAnswered(cases[name].first.text);
        await ledger.untilSomebodyWaitsFor(numbers[name].connectionId);
      }),
    ]);
  }, 120_000);

  async function stage(
    name: Name,
    number: CrashNumber,
    fault: Omit<Parameters<World['waapify']['fault']>[0], 'instanceId' | 'text'>,
  ): Promise<void> {
    world.waapify.fault({ ...fault, instanceId: number.instanceId, text: 'first' });
    cases[name] = await openCase(number, (text) => number.untilAsked(text));
  }

  test('before the claim: the message is sent, once', async () => {
    await expectFirst(world, ingress.admin, cases.before, { state: 'read', sends: 1 });
    await expectFollowers(world, ingress.admin, cases.before);
  });

  test('between claim and answer, sent there: the echo proves it, it is not sent again', async () => {
    await expectFirst(world, ingress.admin, cases.sent, { state: 'read', sends: 1 });
    await expectFollowers(world, ingress.admin, cases.sent);
  });

  test('between claim and answer, not sent there: unknown, and left to a person', async () => {
    await expectFirst(world, ingress.admin, cases.notSent, { state: 'unknown', sends: 0, reason: 'no_echo' });
    await expectFollowers(world, ingress.admin, cases.notSent);
  });

  test('between claim and answer, sent there and the echo lost: unknown, not sent again', async () => {
    await expectFirst(world, ingress.admin, cases.echoLost, { state: 'unknown', sends: 1, reason: 'no_echo' });
    await expectFollowers(world, ingress.admin, cases.echoLost);
  });

  test('between claim and answer, sent there only after the death: the late echo proves it', async () => {
    await expectFirst(world, ingress.admin, cases.sentLater, { state: 'read', sends: 1 });
    await expectFollowers(world, ingress.admin, cases.sentLater);
  });

  test('between answer and ledger: the echo proves it, receipts that came before it count', async () => {
    await expectFirst(world, ingress.admin, cases.answered, { state: 'read', sends: 1 });
    await expectFollowers(world, ingress.admin, cases.answered);
  });

  test('between answer and ledger, no echo: unknown, not sent again', async () => {
    await expectFirst(world, ingress.admin, cases.answeredNoEcho, { state: 'unknown', sends: 1, reason: 'no_echo' });
    await expectFollowers(world, ingress.admin, cases.answeredNoEcho);
  });

  test('a follower to the same contact began only after the first was settled', async () => {
    for (const name of ['notSent', 'echoLost', 'answeredNoEcho'] as const) {
      const { first, toSameContact, number } = cases[name];
      const { state_since: settledAt } = await ledger.message(first.messageId);
      const follower = await eventually(() => number.sends(toSameContact.text)[0]!.at);
      expect(follower).toBeGreaterThanOrEqual(settledAt);
    }
  });
});
