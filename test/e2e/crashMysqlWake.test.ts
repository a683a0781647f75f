import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { eventually } from '../support/adminClient';
import { startProcess, type BridgeProcess } from '../support/bridgeProcess';
import { openLedger, type CrashLedger } from '../support/crashLedger';
import { counterOf } from '../support/crashMetrics';
import { addNumber, type CrashMessage, type CrashNumber } from '../support/crashNumbers';
import { startRelay, type Relay } from '../support/crashRelay';
import { describeMysql } from '../support/mysqlServer';
import { useTemporal } from '../support/temporalServer';
import { stateOf } from '../support/untilConnected';
import { openWorld, type World } from '../support/world';

/** A dead worker is noticed after the heartbeat timeout, and two cores may be shared by several such worlds. */
jest.setTimeout(240_000);

/**
 * A process dies between a commit and what it was to tell Temporal: the lane's mark and the row's own planned wake-up
 * are all that is left. Everything here sleeps for three days (its number was lost) or was never started, so only the
 * sweeper can bring it; the probes are put off then, since each one looks at its lane's head as well.
 */
const HOUR_MS = 3_600_000;
const MOVE_MS = 60_000;

describeMysql('a process is killed between commit and wake (MySQL)', () => {
  const temporal = useTemporal();
  let world: World;
  let ledger: CrashLedger;
  let ingress: BridgeProcess;
  let toTemporal: Relay;
  /** The worker that comes afterwards. */
  let sweeping: BridgeProcess;
  /** Its worker died when it had finished the first and was to wake the second. */
  let finisher: Held;
  /** Its worker died when it had seen the number back and was to wake the first. */
  let returned: Held;
  /** Taken by an ingress that died before the start. */
  let orphan: { number: CrashNumber; message: CrashMessage };

  interface Held {
    number: CrashNumber;
    messages: CrashMessage[];
  }

  beforeAll(async () => {
    world = await openWorld(temporal, { store: 'mysql' });
    ledger = await openLedger(world);
    toTemporal = await relayTo(temporal.server.port);
    const toGateway = await relayTo(world.waapify.port);
    ingress = await startProcess(world, { role: 'ingress' });
    const through = { TEMPORAL_ADDRESS: `127.0.0.1:${toTemporal.port}` };
    const doomed = await startProcess(world, { role: 'worker', env: through });
    const orphaned = await addNumber(world, ingress.admin, 'orphan', 2);
    [finisher, returned] = await Promise.all([held('finisher', 0, toGateway.port), held('returned', 1)]);

    const answer = toGateway.holdAnswer('message=', 'contact-0');
    world.waapify.setState(finisher.number.instanceId, 'connected');
    await answer.reached;
    toTemporal.stall();
    answer.release();
    world.waapify.setState(returned.number.instanceId, 'connected');
    await untilMarked(finisher.number, finisher.messages[1]!);
    await untilMarked(returned.number, returned.messages[0]!);
    await doomed.kill();
    await toTemporal.stop();

    orphan = { number: orphaned, message: await acceptedByADyingIngress(orphaned) };
    await ledger.putOffProbes();
    ingress = await startProcess(world, { role: 'ingress' });
    sweeping = await startProcess(world, { role: 'worker', env: { PROBE_INTERVAL_MS: '600000' } });
  });

  async function relayTo(port: number): Promise<Relay> {
    const relay = await startRelay(port);
    temporal.onEnd(relay.stop);
    return relay;
  }

  /** A lost number with three messages, to three contacts, that sleep until they expire. */
  async function held(name: string, place: number, through?: number): Promise<Held> {
    const number = await addNumber(world, ingress.admin, name, place, through);
    world.waapify.setState(number.instanceId, 'logged_out');
    await eventually(async () => expect(await stateOf(ingress.admin, number.connectionId)).toBe('relogin'));
    const messages: CrashMessage[] = [];
    for (const contact of [0, 1, 2]) messages.push(await number.send(`contact-${contact}`, contact));
    for (const { messageId } of messages) {
      await eventually(async () => {
        const row = await ledger.message(messageId);
        expect(row.reason).toBe('relogin');
        expect(row.next_wake_at).toBeGreaterThan(Date.now() + HOUR_MS);
      });
    }
    return { number, messages };
  }

  /** The mark is committed and its signal can not leave: the point at which the worker is killed. */
  async function untilMarked(number: CrashNumber, head: CrashMessage): Promise<void> {
    await eventually(async () => {
      const { id } = await ledger.message(head.messageId);
      expect((await ledger.lane(number.connectionId)).wake_due_message).toBe(id);
    });
  }

  /** The ingress that takes it can not reach Temporal and is killed; its run was never started. */
  async function acceptedByADyingIngress(number: CrashNumber): Promise<CrashMessage> {
    await ingress.kill();
    const nobody = { TEMPORAL_ADDRESS: `127.0.0.1:${toTemporal.port}` };
    const dying = await startProcess(world, { role: 'ingress', env: nobody, degradedIsFine: true });
    const message = await number.send('only accepted');
    await dying.kill();
    const connection = await Connection.connect({ address: temporal.server.address });
    temporal.onEnd(() => connection.close());
    const { workflow } = new Client({ connection });
    const run = workflow.getHandle(`outbound:${number.locationId}:${message.messageId}`);
    await expect(run.describe()).rejects.toThrow(WorkflowNotFoundError);
    return message;
  }

  async function expectAllGo({ number, messages }: Held): Promise<void> {
    for (const { messageId, text } of messages) {
      await ingress.admin.untilState(number.locationId, messageId, 'read', MOVE_MS);
      expect(number.sends(text)).toHaveLength(1);
    }
    expect(number.sends().map(({ text }) => text)).toEqual(messages.map(({ text }) => text));
    await eventually(async () => expect((await ledger.lane(number.connectionId)).wake_due_message).toBeNull());
  }

  /** How often the sweeper found something of this kind: the mark first, an overdue row is only its second net. */
  const repairs = (kind: string): Promise<number> =>
    counterOf(world, sweeping, 'bridge_sweeper_repairs_total', `kind="${kind}"`);

  test('after a finished send: the next one still goes, all go once and in order', async () => {
    await expectAllGo(finisher);
    expect(await repairs('left_wake')).toBeGreaterThanOrEqual(1);
  });

  test("after the number's return: the head still goes, all go once and in order", async () => {
    await expectAllGo(returned);
    expect(await repairs('left_wake')).toBeGreaterThanOrEqual(2);
  });

  test('an ingress killed between accept and start: the message still goes, once', async () => {
    await expectAllGo({ number: orphan.number, messages: [orphan.message] });
    expect(await repairs('overdue')).toBeGreaterThanOrEqual(1);
  });
});
