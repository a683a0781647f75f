import { eventually } from '../support/adminClient';
import { startProcess, type BridgeProcess } from '../support/bridgeProcess';
import { expectFirst, expectFollowers, openCase, type CrashCase } from '../support/crashCase';
import { inSqliteLedger } from '../support/crashLedger';
import { addNumber, type CrashMessage, type CrashNumber } from '../support/crashNumbers';
import { startRelay, type Relay } from '../support/crashRelay';
import { useTemporal } from '../support/temporalServer';
import { openWorld, type World } from '../support/world';

/** A dead worker is noticed after the heartbeat timeout, and two cores may be shared by several such worlds. */
jest.setTimeout(240_000);

/**
 * On SQLite all roles are one process: it is killed (kill -9) with messages of five numbers in hand and started again.
 * What a gateway posts meanwhile is lost, since gateways post once.
 */
const SETTINGS = { WAAPIFY_TIMEOUT_MS: '9000' };
const MOVE_MS = 60_000;

const temporal = useTemporal();
let world: World;
let bridge: BridgeProcess;
let sent: CrashCase;
let notSent: CrashCase;
let answered: CrashCase;
let answeredNoEcho: CrashCase;
let orphan: { number: CrashNumber; message: CrashMessage };

beforeAll(async () => {
  world = await openWorld(temporal, { env: SETTINGS });
  const toTemporal = await relayTo(temporal.server.port);
  bridge = await startProcess(world, { env: { TEMPORAL_ADDRESS: `127.0.0.1:${toTemporal.port}` } });
  // The numbers first: from the first call on all have to be at their points before that call ends by itself.
  const relays = [await relayTo(world.waapify.port), await relayTo(world.waapify.port)] as const;
  const ports = [undefined, undefined, undefined, relays[0].port, relays[1].port];
  const numbers = await Promise.all(
    ['orphan', 'sent', 'notSent', 'answered', 'answeredNoEcho'].map((name, place) =>
      addNumber(world, bridge.admin, name, place, ports[place]),
    ),
  );
  const release: (() => void)[] = [];
  [sent, notSent, answered, answeredNoEcho] = await Promise.all([
    inCall(numbers[1]!, { end: 'hang', sent: true }),
    inCall(numbers[2]!, { end: 'hang' }),
    answerOnItsWay(numbers[3]!, relays[0], release),
    answerOnItsWay(numbers[4]!, relays[1], release),
  ]);
  await Promise.all([untilToldAllOf(sent), untilItSitsBehind(notSent)]);
  toTemporal.stall();
  orphan = { number: numbers[0]!, message: await numbers[0]!.send('only accepted') };
  // Frozen first: the answers arrive in its hands, and can not get into its ledger.
  bridge.freeze();
  for (const go of release) go();
  await bridge.kill();
  await toTemporal.stop();
  await expectTheLedgerOfADeadProcess();
  await inSqliteLedger(world, (ledger) => ledger.putOffProbes());
  bridge = await startProcess(world, { env: { PROBE_INTERVAL_MS: '600000' } });
  const { gatewayId } = answered.number.sends(answered.first.text)[0]!;
  await world.waapify.echo(gatewayId);
  await world.waapify.receipt(gatewayId, 4);
});

async function relayTo(port: number): Promise<Relay> {
  const relay = await startRelay(port);
  temporal.onEnd(relay.stop);
  return relay;
}

type Fault = Omit<Parameters<World['waapify']['fault']>[0], 'instanceId' | 'text'>;

/** The gateway has been asked and has not answered. */
async function inCall(number: CrashNumber, fault: Fault): Promise<CrashCase> {
  world.waapify.fault({ ...fault, instanceId: number.instanceId, text: 'first' });
  return await openCase(number, (text) => number.untilAsked(text));
}

/** The gateway has answered; the answer is held before it reaches the bridge. */
async function answerOnItsWay(number: CrashNumber, relay: Relay, release: (() => void)[]): Promise<CrashCase> {
  const answer = relay.holdAnswer('message=', 'first');
  const one = await inCall(number, { end: 'pass', echo: 'lost' });
  await answer.reached;
  release.push(answer.release);
  return one;
}

/** The bridge has taken the echo and the receipts of a send whose answer it still waits for. */
async function untilToldAllOf({ number, first }: CrashCase): Promise<void> {
  const taken = (): boolean => {
    const id = number.sends(first.text)[0]?.gatewayId;
    const posts = world.waapify.webhooks.entries.filter(({ gatewayId, status }) => gatewayId === id && status === 200);
    return id !== undefined && posts.length >= 4;
  };
  await world.waapify.waitFor(taken, MOVE_MS, 'the echo and three receipts to be taken');
}

/** The message to the other contact is in its activity, unclaimed, and waits for the lane. */
async function untilItSitsBehind({ number, toAnotherContact }: CrashCase): Promise<void> {
  await eventually(async () => {
    const answer = await bridge.admin.message(number.locationId, toAnotherContact.messageId);
    expect(answer).toMatchObject({ state: 'waiting', reason: 'in_flight' });
  });
}

async function expectTheLedgerOfADeadProcess(): Promise<void> {
  await inSqliteLedger(world, async (ledger) => {
    for (const { first, toAnotherContact } of [sent, notSent, answered, answeredNoEcho]) {
      expect((await ledger.part(first.messageId)).state).toBe('sending');
      expect((await ledger.part(toAnotherContact.messageId)).state).toBe('unsent');
    }
    expect(await ledger.message(orphan.message.messageId)).toMatchObject({ state: 'accepted', claimed: 0 });
  });
}

test.concurrent('killed between accept and start: the message still goes, once', async () => {
  const { number, message } = orphan;
  await bridge.admin.untilState(number.locationId, message.messageId, 'read', MOVE_MS);
  expect(number.sends()).toHaveLength(1);
});

test.concurrent('killed before the claim: what waited for its turn is sent, once', async () => {
  for (const one of [sent, notSent, answered, answeredNoEcho]) await expectFollowers(world, bridge.admin, one);
});

test.concurrent(
  'killed between claim and answer, sent there: the echo that came before proves it, it is not sent again',
  async () => {
    await expectFirst(world, bridge.admin, sent, { state: 'read', sends: 1 });
  },
);

test.concurrent('killed between claim and answer, not sent there: unknown, and left to a person', async () => {
  await expectFirst(world, bridge.admin, notSent, { state: 'unknown', sends: 0, reason: 'no_echo' });
});

test.concurrent(
  'killed between answer and ledger: an echo after the start proves it, it is not sent again',
  async () => {
    await expectFirst(world, bridge.admin, answered, { state: 'read', sends: 1 });
  },
);

test.concurrent('killed between answer and ledger, no echo: unknown, not sent again', async () => {
  await expectFirst(world, bridge.admin, answeredNoEcho, { state: 'unknown', sends: 1, reason: 'no_echo' });
});

test.concurrent('a second process on the same file is refused, and told why', async () => {
  await expect(startProcess(world)).rejects.toThrow(
    /ended with 1:\n.*Another process uses the SQLite store.*SQLite serves one process.*MySQL/,
  );
  expect((await bridge.admin.call('GET', '/readyz')).status).toBe(200);
});

test.concurrent.each(['ingress', 'worker'] as const)(
  'start:%s refuses a SQLite address, and says why',
  async (role) => {
    const elsewhere = { DATABASE_URL: `sqlite:${world.folder}/another.sqlite` };
    await expect(startProcess(world, { role, env: elsewhere })).rejects.toThrow(
      /ended with 1:\n.*SQLite serves one process, and a single role means several.*MySQL.*npm start/,
    );
  },
);
