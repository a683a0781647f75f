import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { Worker } from '@temporalio/worker';
import { eventually } from '../support/adminClient';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { openBrowser, postEvent } from '../support/installBrowser';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';
import { GHL_FAULTS } from '../../src/sandbox/ghl';
import { WAAPIFY_FAULTS } from '../../src/sandbox/waapify';

/**
 * Makes one run of every path of every workflow and checks that it replays with the code as it is. With
 * RECORD_HISTORIES=1 the histories are written to test/replay/histories, where test/replay holds later code against
 * them: `RECORD_HISTORIES=1 npx jest test/e2e/recordHistories`. Until the first release a commit that changes a
 * workflow may record them anew, saying why; afterwards workflows change behind patched().
 */
const FOLDER = join(__dirname, '../replay/histories');
/** Where this checkout lies: in no failure of a history. */
const ROOT = join(__dirname, '../..');
const BUNDLE = join(__dirname, '../../dist/workflowBundle.js');

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;
let connectionId: string;

beforeAll(async () => {
  world = await openWorld(temporal, { env: { UNKNOWN_WAIT_MS: '500', PACE_TEXT_MS: '50-80' } });
  const env = { MEDIA_ALLOW_HOSTS: new URL(world.waapify.url).host };
  bridge = await startInProcess(world, { env, fileHoldMs: 500 });
  connectionId = await installAndConnect(world, bridge.admin);
});

async function expectReplays(name: string, workflowId: string, runId?: string): Promise<void> {
  const history = await bridge.temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
  await Worker.runReplayHistory({ workflowBundle: { codePath: BUNDLE } }, history, workflowId);
  expect(historyToJSON(history)).not.toContain(ROOT);
  if (process.env.RECORD_HISTORIES !== '1') return;
  await mkdir(FOLDER, { recursive: true });
  const json = JSON.parse(historyToJSON(history)) as Record<string, unknown>;
  await writeFile(join(FOLDER, `${name}.json`), `${JSON.stringify({ workflowId, ...json }, null, 1)}\n`);
}

const outbound = (messageId: string): string => `outbound:${LOCATION}:${messageId}`;

/** A run starts behind the answer, so at first there may be none. */
async function ended(workflowId: string): Promise<unknown> {
  const handle = bridge.temporal.client.workflow.getHandle(workflowId);
  await eventually(() => handle.describe());
  return await handle.result();
}

test('outbound: sent, delivered, read', async () => {
  const { messageId } = await world.agentSends('recorded: read');
  await ended(outbound(messageId));
  await expectReplays('outbound-read', outbound(messageId));
});

test('outbound: three to one contact, the later ones wait their turn', async () => {
  const sent = [];
  for (const n of [1, 2, 3]) sent.push(await world.agentSends(`recorded: turn ${n}`));
  const last = outbound(sent.at(-1)!.messageId);
  await ended(last);
  await expectReplays('outbound-behind', last);
});

test('outbound: held while the number is lost, then sent', async () => {
  world.waapify.setState(INSTANCE, 'logged_out');
  const { messageId } = await world.agentSends('recorded: held');
  await bridge.admin.untilState(LOCATION, messageId, 'waiting');
  await eventually(async () => {
    expect((await bridge.admin.message(LOCATION, messageId)).reason).toBe('relogin');
  });
  world.waapify.scanQr(INSTANCE, '60110000001');
  await ended(outbound(messageId));
  await expectReplays('outbound-held', outbound(messageId));
});

test('outbound: unknown, then sent again by a person: GHL is told pending beside the lane', async () => {
  world.waapify.fault({ ...WAAPIFY_FAULTS.nullWithoutSending, text: 'recorded: resent' });
  const { messageId } = await world.agentSends('recorded: resent');
  await ended(outbound(messageId));
  await bridge.admin.call('POST', `/admin/v1/messages/${LOCATION}/${messageId}/resend`);
  expect(await ended(`${outbound(messageId)}:r2`)).toEqual({ state: 'read' });
  await expectReplays('outbound-resent', `${outbound(messageId)}:r2`);
});

test('outbound: ambiguous, unknown, then corrected by a late echo and receipt in a new run', async () => {
  world.waapify.fault({ ...WAAPIFY_FAULTS.nullAfterSending, echo: 'lost', text: 'recorded: unknown' });
  world.waapify.setAuto(INSTANCE, { delivered: false, read: false, server: false });
  const { messageId } = await world.agentSends('recorded: unknown');
  await ended(outbound(messageId));
  await bridge.admin.untilState(LOCATION, messageId, 'unknown');
  await expectReplays('outbound-unknown', outbound(messageId));
  const { gatewayId } = world.waapify.sends(INSTANCE).find((one) => one.text === 'recorded: unknown')!;
  await world.waapify.echo(gatewayId);
  await world.waapify.receipt(gatewayId, 4);
  await bridge.admin.untilState(LOCATION, messageId, 'read');
  await ended(outbound(messageId));
  await expectReplays('outbound-revived', outbound(messageId));
  world.waapify.setAuto(INSTANCE, { delivered: true, read: true, server: true });
});

test('outbound: refused by the gateway and told', async () => {
  world.waapify.fault({ end: 'error', message: 'Message type not supported', text: 'recorded: refused' });
  const { messageId } = await world.agentSends('recorded: refused');
  await ended(outbound(messageId));
  await expectReplays('outbound-failed', outbound(messageId));
});

test('outbound: cancelled in Temporal while it waits', async () => {
  world.waapify.setState(INSTANCE, 'logged_out');
  const { messageId } = await world.agentSends('recorded: cancelled');
  await eventually(async () => {
    expect((await bridge.admin.message(LOCATION, messageId)).reason).toBe('relogin');
  });
  await bridge.temporal.client.workflow.getHandle(outbound(messageId)).cancel();
  await bridge.admin.untilState(LOCATION, messageId, 'cancelled');
  await expect(ended(outbound(messageId))).rejects.toThrow('cancelled');
  await expectReplays('outbound-cancelled', outbound(messageId));
  world.waapify.scanQr(INSTANCE, '60110000001');
});

test('inbound: posted', async () => {
  const { gatewayId } = await world.waapify.customerWrites({
    instanceId: INSTANCE,
    from: '60123456789',
    text: 'recorded: in',
  });
  const workflowId = `inbound:${connectionId}:${gatewayId}`;
  await ended(workflowId);
  await expectReplays('inbound-posted', workflowId);
});

test('inbound: posted after GHL failed', async () => {
  world.ghl.fault({ operation: 'inbound', end: 'status', status: 429 });
  const { gatewayId } = await world.waapify.customerWrites({
    instanceId: INSTANCE,
    from: '60123456789',
    text: 'recorded: in, later',
  });
  const workflowId = `inbound:${connectionId}:${gatewayId}`;
  await ended(workflowId);
  await expectReplays('inbound-retried', workflowId);
});

test('inbound: its file comes behind its words', async () => {
  const bytes = Buffer.from('%PDF-1.7\n%%EOF\n');
  const content = world.waapify.hostFile({ kind: 'document', bytes, mimetype: 'application/pdf', delayMs: 2_000 });
  const { gatewayId } = await world.waapify.customerWrites({ instanceId: INSTANCE, from: '60123456789', content });
  const workflowId = `inbound:${connectionId}:${gatewayId}`;
  await ended(workflowId);
  await expectReplays('inbound-file-late', workflowId);
});

test('connection: lost and back', async () => {
  await eventually(async () => {
    expect((await bridge.app.store.connections.list())[0]!.state).toBe('connected');
  });
  await expectReplays('connection', `connection:${connectionId}`);
});

test('connection: asked for its QR code and its state, then full', async () => {
  const run = bridge.temporal.client.workflow.getHandle(`connection:${connectionId}`);
  const { runId } = await run.describe();
  const path = `/admin/v1/connections/${connectionId}`;
  world.waapify.setState(INSTANCE, 'logged_out');
  await bridge.admin.call('POST', `${path}/reconnect`);
  expect((await bridge.admin.call('GET', `${path}/qr`)).body).toMatchObject({ connected: false });
  world.waapify.scanQr(INSTANCE, '60110000001');
  await Promise.all([1, 2].map(() => bridge.admin.call('POST', `${path}/reconnect`)));
  await Promise.all(Array.from({ length: 200 }, () => run.signal('wake')));
  await eventually(async () => expect((await run.describe()).runId).not.toBe(runId));
  await expectReplays('connection-asked', `connection:${connectionId}`, runId);
});

test('connection: gone', async () => {
  const gone = { v: 1, locationId: LOCATION, connectionId: 'recorded-gone' };
  const workflowId = `connection:${gone.connectionId}`;
  const options = { workflowId, taskQueue: 'bridge', args: [gone] };
  await bridge.temporal.client.workflow.start('connection', options);
  await ended(workflowId);
  await expectReplays('connection-gone', workflowId);
});

test('token refresh', async () => {
  const before = (await bridge.app.store.tokens.read(LOCATION))!;
  await bridge.app.starter.refreshToken(LOCATION, before.version);
  const workflowId = `token-refresh:${LOCATION}:v${before.version}`;
  await ended(workflowId);
  expect((await bridge.app.store.tokens.read(LOCATION))!.version).toBe(before.version + 1);
  await expectReplays('token-refresh', workflowId);
});

/** Has the location's token renewed now. Resolves with the id of the run. */
async function renew(): Promise<string> {
  const { version } = (await bridge.app.store.tokens.read(LOCATION))!;
  await bridge.app.starter.refreshToken(LOCATION, version, 'now');
  return `token-refresh:${LOCATION}:v${version}`;
}

test('token refresh: suspended, woken, renewed', async () => {
  world.ghl.fault(GHL_FAULTS.locationNotActive);
  const workflowId = await renew();
  await eventually(async () => {
    expect((await bridge.app.store.locations.get({ locationId: LOCATION }))!.state).toBe('suspended');
  });
  await renew();
  await ended(workflowId);
  await expectReplays('token-refresh-suspended', workflowId);
});

test('token refresh: refused twice, no company', async () => {
  world.ghl.fault({ ...GHL_FAULTS.refreshTokenRefused, times: 2 });
  const workflowId = await renew();
  await expect(ended(workflowId)).rejects.toMatchObject({ cause: { type: 'reauth_required' } });
  await expectReplays('token-refresh-refused', workflowId);
});

/** An agency with two locations installs the app. */
async function installAgency(): Promise<void> {
  for (const id of ['recorded-1', 'recorded-2']) world.ghl.addLocation({ id, companyId: 'recorded-company' });
  await openBrowser().open(`${world.publicUrl}/oauth/install`, { company_id: 'recorded-company' });
}

test('installation: a company walks, and serves its locations', async () => {
  await installAgency();
  const workflowId = 'installation:company:recorded-company';
  expect(await ended(workflowId)).toEqual({ state: 'installed' });
  await expectReplays('installation-company', workflowId);
});

test('installation: a location suspended for a while, then connected by its company', async () => {
  await installAgency();
  await ended('installation:company:recorded-company');
  world.ghl.addLocation({ id: 'recorded-3', companyId: 'recorded-company' });
  world.ghl.fault({ operation: 'locationToken', end: 'status', status: 400, message: 'Location is not active' });
  await postEvent(world, 'INSTALL', { locationId: 'recorded-3', companyId: 'recorded-company' });
  await eventually(async () => {
    expect((await bridge.app.store.installations.get('recorded-3'))?.state).toBe('suspended');
  });
  await bridge.admin.call('POST', '/admin/v1/installations/reconcile', { locationId: 'recorded-3' });
  const workflowId = 'installation:location:recorded-3';
  expect(await ended(workflowId)).toEqual({ state: 'installed' });
  await expectReplays('installation-location', workflowId);
});

test('the nightly reconcile', async () => {
  const workflowId = 'recorded-reconcile';
  const options = { workflowId, taskQueue: 'bridge', args: [] };
  await bridge.temporal.client.workflow.start('reconcileInstallations', options);
  await ended(workflowId);
  await expectReplays('reconcile-installations', workflowId);
});
