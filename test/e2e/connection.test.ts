import { temporal as proto } from '@temporalio/proto';
import { probeNumber } from '../../src/commands/probeNumber';
import { eventually } from '../support/adminClient';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { connectionIs, detailsOf, isHeld } from '../support/heldLooks';
import { costOf, inClear } from '../support/history';
import { untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, openWorld, type World } from '../support/world';

/** The first message is out this soon after the gateway has said that the number is back. */
const FIRST_OUT_MS = 2_000;
/** An issue's limit for a number of which nothing happens, for a day. */
const ACTIONS_PER_DAY = 10;
const { EventType } = proto.api.enums.v1;
const UPDATE_ACCEPTED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED;
const UPDATE_COMPLETED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED;
const SIGNALED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED;
const TURNS = new Set([UPDATE_ACCEPTED, SIGNALED]);
/** So many wakes and updates and a run begins a new one. */
const FULL = 200;

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;
let connectionId: string;
let path: string;

beforeAll(async () => {
  // Only what is asked for is probed: the loop's next turn is ten minutes off.
  world = await openWorld(temporal, { env: { PROBE_INTERVAL_MS: '600000', WAAPIFY_TIMEOUT_MS: '20000' } });
  bridge = await startInProcess(world);
  connectionId = await installAndConnect(world, bridge.admin);
  path = `/admin/v1/connections/${connectionId}`;
});

const run = (runId?: string) => bridge.temporal.client.workflow.getHandle(`connection:${connectionId}`, runId);
const shows = (what: RegExp) =>
  eventually(async () => expect(await detailsOf(bridge, `connection:${connectionId}`)).toMatch(what));
const asked = (endpoint: string): number =>
  world.waapify.requests.entries.filter((one) => one.endpoint === endpoint).length;

async function post(what: 'reconnect' | 'pause' | 'resume'): Promise<Record<string, unknown>> {
  const { status, body } = await bridge.admin.call('POST', `${path}/${what}`);
  expect(status).toBe(200);
  return body as Record<string, unknown>;
}

/** Waits until everything that the bridge had to tell this workflow before now has been told. */
async function told(): Promise<void> {
  const before = costOf(await run().fetchHistory()).actions;
  const [row] = await bridge.app.store.connections.list();
  bridge.app.starter.connectionChanged({ locationId: row!.location_id }, connectionId);
  await eventually(async () => expect(costOf(await run().fetchHistory()).actions).toBeGreaterThanOrEqual(before + 2));
}

test('a day of probes that find nothing new costs no Action, and all else stays under the limit', async () => {
  await shows(/\*\*connected\*\* since/);
  await told();
  const before = costOf(await run().fetchHistory());
  expect(before.actions).toBeLessThanOrEqual(ACTIONS_PER_DAY);
  const [row] = await bridge.app.store.connections.list();
  const probes = asked('reconnect');
  for (let n = 0; n < 60; n++) await probeNumber(bridge.app, row!);
  expect(asked('reconnect') - probes).toBe(60);
  await told();
  // What telling it once more costs: a signal, and the look that follows.
  expect(costOf(await run().fetchHistory()).actions).toBe(before.actions + 2);
});

test('lost: a QR code by an update, none of it in Temporal; back: what was held flows in order by itself', async () => {
  world.waapify.setState(INSTANCE, 'logged_out');
  expect(await post('reconnect')).toMatchObject({ gateway: 'held', state: 'relogin', waiting: 0 });
  const contacts = ['+60123456701', '+60123456702', '+60123456703'];
  const sent = [];
  for (const phone of contacts) sent.push(await world.agentSends(`held ${phone}`, { phone }));
  for (const { messageId } of sent) await isHeld(bridge, messageId, 'relogin');
  const { status, body } = await bridge.admin.call('GET', `${path}/qr`);
  const { png, expiresAt, connected } = body as { png: string; expiresAt: string; connected: boolean };
  expect({ status, connected }).toEqual({ status: 200, connected: false });
  expect(Buffer.from(png, 'base64').subarray(1, 4).toString()).toBe('PNG');
  expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
  const history = await run().fetchHistory();
  expect(history.events!.filter(({ eventType }) => eventType === UPDATE_ACCEPTED)).toHaveLength(2);
  expect(inClear(history)).toContain('expiresAt');
  expect(inClear(history)).not.toContain(png.slice(0, 20));

  world.waapify.scanQr(INSTANCE, '60110000001');
  const since = Date.now();
  expect(await post('reconnect')).toMatchObject({ gateway: 'connected', state: 'connected' });
  for (const { messageId } of sent) await untilTold(world, messageId, 'read');
  const probe = world.waapify.requests.entries.find(({ endpoint, at }) => endpoint === 'reconnect' && at >= since)!;
  const out = world.waapify.sends(INSTANCE);
  expect(out.map(({ text }) => text)).toEqual(contacts.map((phone) => `held ${phone}`));
  expect(out[0]!.at - probe.at).toBeLessThan(FIRST_OUT_MS);
  process.stderr.write(`[reconnect] first out ${out[0]!.at - probe.at} ms after the gateway's word\n`);
  await shows(/\*\*connected\*\* since/);
  expect((await bridge.admin.call('GET', `${path}/qr`)).body).toEqual({ connected: true });
});

test('an argument is refused before it is written down', async () => {
  const secret = '60123450987';
  await expect(run().executeUpdate('qr', { args: [secret] })).rejects.toMatchObject({
    cause: { type: 'arguments_refused' },
  });
  expect(inClear(await run().fetchHistory())).not.toContain(secret);
});

test('who asks at the same time is answered by one question to the gateway', async () => {
  const before = asked('getqrcode');
  world.waapify.fault({ endpoint: 'getqrcode', end: 'pass', replyAfterMs: 1_000 });
  const answers = await Promise.all([1, 2, 3].map(() => run().executeUpdate('qr')));
  expect(answers).toEqual(Array(3).fill({ connected: true, ready: false, expiresAt: null, refusal: null }));
  expect(asked('getqrcode')).toBe(before + 1);
});

test('a run that is full begins a new one, after it has answered who had asked', async () => {
  const { runId } = await run().describe();
  const turns = (await run().fetchHistory()).events!.filter(({ eventType }) => TURNS.has(eventType!)).length;
  await Promise.all(Array.from({ length: FULL - turns - 2 }, () => run().signal('wake')));
  world.waapify.fault({ endpoint: 'getqrcode', end: 'pass', replyAfterMs: 5_000 });
  const answer = run().executeUpdate('qr');
  await eventually(async () => {
    const { pendingActivities } = (await run().describe()).raw;
    expect(pendingActivities?.map(({ activityType }) => activityType?.name)).toEqual(['fetchQr']);
  });
  // The last turn, while the gateway has not answered.
  await run().signal('wake');
  expect(await answer).toMatchObject({ connected: true });
  await eventually(async () => expect((await run(runId).describe()).status.name).toBe('CONTINUED_AS_NEW'));
  const events = (await run(runId).fetchHistory()).events!.map(({ eventType }) => eventType);
  expect(events.lastIndexOf(UPDATE_COMPLETED)).toBeGreaterThan(events.lastIndexOf(UPDATE_ACCEPTED));
  expect(events.lastIndexOf(UPDATE_ACCEPTED)).toBeGreaterThan(0);
  // It was full while the gateway had not answered.
  expect(events.lastIndexOf(SIGNALED)).toBeLessThan(events.lastIndexOf(UPDATE_COMPLETED));
  expect((await run().describe()).runId).not.toBe(runId);
  await shows(/\*\*connected\*\* since/);
});

test('a run that somebody has terminated is started by the next question', async () => {
  await run().terminate('by an operator');
  expect(await post('reconnect')).toMatchObject({ gateway: 'connected', state: 'connected', waiting: 0 });
  expect((await run().describe()).status.name).toBe('RUNNING');
});

test('paused by a person: held with the reason everywhere; resumed: it flows by itself', async () => {
  await post('pause');
  const { messageId } = await world.agentSends('while it is paused');
  await isHeld(bridge, messageId, 'paused');
  await shows(/\*\*connected\*\* since .*Why: a person has paused the number.*Next: resume it/s);
  expect(await connectionIs(bridge, connectionId, 'connected')).toMatchObject({
    reason: 'a person has paused the number',
    waiting: 1,
  });
  await post('resume');
  await untilTold(world, messageId, 'read');
  await eventually(async () => expect(await detailsOf(bridge, `connection:${connectionId}`)).not.toContain('paused'));
});
