import { startProcess, type BridgeProcess } from '../support/bridgeProcess';
import { expectFirst, expectFollowers, openCase, type CrashCase } from '../support/crashCase';
import { openLedger, type CrashLedger } from '../support/crashLedger';
import { addNumber, type CrashNumber } from '../support/crashNumbers';
import { startRelay, type Relay } from '../support/crashRelay';
import { describeMysql } from '../support/mysqlServer';
import { useTemporal } from '../support/temporalServer';
import { openWorld, type World } from '../support/world';

/** A dead worker is noticed after the heartbeat timeout, and two cores may be shared by several such worlds. */
jest.setTimeout(240_000);

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
/** When the message of `sentLater` really goes out, counted from its request: its caller is dead by then. */
const SENT_LATER_MS = 12_000;

const NAMES = ['before', 'sent', 'notSent', 'echoLost', 'sentLater', 'answered', 'answeredNoEcho'] as const;
type Name = (typeof NAMES)[number];

describeMysql('a worker process is killed; another one takes over (MySQL)', () => {
  const temporal = useTemporal();
  let world: World;
  let ledger: CrashLedger;
  let ingress: BridgeProcess;
  let cases: Record<Name, CrashCase>;

  beforeAll(async () => {
    world = await openWorld(temporal, { store: 'mysql', env: SETTINGS });
    ingress = await startProcess(world, { role: 'ingress' });
    ledger = await openLedger(world);
    // All before the first call, which must not end by itself while the others are brought to their points.
    const relays = { answered: await relayToGateway(), answeredNoEcho: await relayToGateway() };
    const ports: Partial<Record<Name, number>> = {
      answered: relays.answered.port,
      answeredNoEcho: relays.answeredNoEcho.port,
    };
    const [before, sent, notSent, echoLost, sentLater, answer, answerNoEcho] = await Promise.all(
      NAMES.map((name, place) => addNumber(world, ingress.admin, name, place, ports[name])),
    );
    const unlocks: (() => Promise<void>)[] = [];
    // Accepted while no worker runs; the one that comes finds the lane locked and stands in its claim when it dies.
    const beforeTheClaim = await openCase(before!, () => Promise.resolve());
    unlocks.push(await ledger.lockLane(before!.connectionId));
    const doomed = await startProcess(world, { role: 'worker' });
    await ledger.untilSomebodyWaitsFor(before!.connectionId);
    const [caseSent, caseNotSent, caseEchoLost, caseSentLater, caseAnswered, caseAnsweredNoEcho] = await Promise.all([
      inCall(sent!, { end: 'hang', sent: true }),
      inCall(notSent!, { end: 'hang' }),
      inCall(echoLost!, { end: 'hang', sent: true, echo: 'lost' }),
      inCall(sentLater!, { end: 'hang', sent: true, sendAfterMs: SENT_LATER_MS }),
      answered(answer!, relays.answered, unlocks),
      answered(answerNoEcho!, relays.answeredNoEcho, unlocks),
    ]);
    cases = {
      before: beforeTheClaim,
      sent: caseSent,
      notSent: caseNotSent,
      echoLost: caseEchoLost,
      sentLater: caseSentLater,
      answered: caseAnswered,
      answeredNoEcho: caseAnsweredNoEcho,
    };
    await doomed.kill();
    for (const unlock of unlocks) await unlock();
    await expectTheLedgerOfADeadWorker();
    await world.waapify.echo(caseAnswered.number.sends(caseAnswered.first.text)[0]!.gatewayId);
    await startProcess(world, { role: 'worker' });
  });

  type Fault = Omit<Parameters<World['waapify']['fault']>[0], 'instanceId' | 'text'>;

  /** The gateway has been asked and has not answered. */
  async function inCall(number: CrashNumber, fault: Fault): Promise<CrashCase> {
    world.waapify.fault({ ...fault, instanceId: number.instanceId, text: 'first' });
    return await openCase(number, (text) => number.untilAsked(text));
  }

  async function relayToGateway(): Promise<Relay> {
    const relay = await startRelay(world.waapify.port);
    temporal.onEnd(relay.stop);
    return relay;
  }

  /** The gateway has answered, and the outcome stands before the ledger's lock. */
  async function answered(number: CrashNumber, relay: Relay, unlocks: (() => Promise<void>)[]): Promise<CrashCase> {
    const answer = relay.holdAnswer('message=', 'first');
    const one = await inCall(number, { end: 'pass', echo: 'lost' });
    await answer.reached;
    unlocks.push(await ledger.lockLane(number.connectionId));
    answer.release();
    await ledger.untilSomebodyWaitsFor(number.connectionId);
    return one;
  }

  /** Every case is at its point: claimed and without an outcome, except the one before its claim. */
  async function expectTheLedgerOfADeadWorker(): Promise<void> {
    for (const name of NAMES) {
      const part = await ledger.part(cases[name].first.messageId);
      expect([name, part.state]).toEqual([name, name === 'before' ? 'unsent' : 'sending']);
    }
    expect(cases.sentLater.number.sends()).toHaveLength(0);
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

  test('between answer and ledger: the echo proves it, and the receipts that came before it count', async () => {
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
      await number.untilAsked(toSameContact.text);
      const { state_since: settledAt } = await ledger.message(first.messageId);
      expect(number.sends(toSameContact.text)[0]!.at).toBeGreaterThanOrEqual(settledAt);
    }
  });
});
