import { eventually } from '../support/adminClient';
import { startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { openBrowser, postEvent } from '../support/installBrowser';
import { sentWith, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

const COMPANY = 'sbx-company-2';
const SHOPS = ['shop-1', 'shop-2', 'shop-3'];
const FUTURE = 'shop-future';
const SUSPENDED = 'shop-suspended';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  for (const id of SHOPS) world.ghl.addLocation({ id, companyId: COMPANY, name: `Shop ${id}` });
  bridge = await startInProcess(world);
});

interface Listed {
  resourceId: string;
  state: string;
  reason?: string;
  name?: string;
  locations?: { known: number; connected: number };
}

async function installation(resourceId: string): Promise<Listed | undefined> {
  const { body } = await bridge.admin.call('GET', '/admin/v1/installations');
  return (body as { installations: Listed[] }).installations.find((one) => one.resourceId === resourceId);
}

const untilState = (resourceId: string, state: string) =>
  eventually(async () => expect(await installation(resourceId)).toMatchObject({ resourceId, state }));

/** A run starts behind the answer, so at first there may be none. */
async function ended(workflowId: string): Promise<unknown> {
  const handle = bridge.temporal.client.workflow.getHandle(workflowId);
  await eventually(() => handle.describe());
  return await handle.result();
}

test('begun at the bridge, in a browser: connected, and the page says what is next', async () => {
  const browser = openBrowser();
  const shown = await browser.open(`${world.publicUrl}/oauth/install`, { location_id: LOCATION });
  expect([shown.status, shown.heading]).toEqual([200, `Sandbox ${LOCATION} is connected`]);
  expect(new URL(shown.way[1]!).pathname).toBe('/v2/oauth/chooselocation');
  expect(shown.page).toContain(`--location ${LOCATION}`);
  expect(browser.cookies.size).toBe(0);
  expect(await ended(`installation:location:${LOCATION}`)).toEqual({ state: 'installed' });
  expect(await installation(LOCATION)).toMatchObject({ state: 'installed', name: `Sandbox ${LOCATION}` });
  expect(await bridge.app.store.locations.get({ locationId: LOCATION })).toMatchObject({
    ...{ country: 'MY', timezone: 'Asia/Kuala_Lumpur' },
  });
});

test('brought to its end in another browser: refused, the code is not spent, nothing is stored', async () => {
  const begun = await fetch(`${world.publicUrl}/oauth/install`, { redirect: 'manual' });
  const exchanges = () => world.ghl.journal.entries.filter(({ operation }) => operation === 'token').length;
  const before = exchanges();
  const shown = await openBrowser().open(begun.headers.get('location')!, { location_id: LOCATION });
  expect([shown.status, shown.heading]).toEqual([400, 'Nothing was connected']);
  expect(exchanges()).toBe(before);
});

test('INSTALL first: it is pending, its messages wait; then the browser, and they go out', async () => {
  const locationId = 'webhook-first';
  world.ghl.addLocation({ id: locationId });
  world.waapify.addInstance({ id: 'INSTANCE-2', token: world.waapify.token, number: '60110000002' });
  expect(await postEvent(world, 'INSTALL', { locationId, companyId: 'sbx-company-1' })).toBe(200);
  await untilState(locationId, 'pending');
  await bridge.admin.connect({ locationId, instanceId: 'INSTANCE-2', token: world.waapify.token });
  const { messageId } = await world.agentSends('before the tokens', { locationId });
  await eventually(async () => {
    expect(await bridge.admin.message(locationId, messageId)).toMatchObject({ reason: 'not_installed' });
  });
  expect((await world.install(locationId)).status).toBe(200);
  await untilTold(world, messageId, 'read');
});

test('an agency: its locations get their own tokens behind the page, with name and country', async () => {
  const shown = await openBrowser().open(`${world.publicUrl}/oauth/install`, { company_id: COMPANY });
  expect(shown.heading).toBe('The agency is connected');
  expect(shown.page).toContain('Its 3 locations');
  for (const id of SHOPS) await untilState(id, 'installed');
  await eventually(async () => expect(await installation(SHOPS[0]!)).toMatchObject({ name: `Shop ${SHOPS[0]!}` }));
  expect(await installation(COMPANY)).toMatchObject({ state: 'installed', locations: { known: 3, connected: 3 } });
  expect(await ended(`installation:company:${COMPANY}`)).toEqual({ state: 'installed' });
});

test('a future location, announced without its company, is found in the list of its company', async () => {
  world.ghl.addLocation({ id: FUTURE, companyId: COMPANY });
  expect(await postEvent(world, 'INSTALL', { locationId: FUTURE })).toBe(200);
  await untilState(FUTURE, 'installed');
});

test('a suspended location is held, shown with its reason, and tried again when it is asked for', async () => {
  world.ghl.addLocation({ id: SUSPENDED, companyId: COMPANY });
  world.ghl.fault({ operation: 'locationToken', end: 'status', status: 400, message: 'Location is not active' });
  await postEvent(world, 'INSTALL', { locationId: SUSPENDED, companyId: COMPANY });
  await eventually(async () => {
    expect(await installation(SUSPENDED)).toMatchObject({ state: 'suspended', reason: 'location_not_active' });
  });
  const row = (await bridge.app.store.installations.get(SUSPENDED))!;
  expect(row.due_at! - Date.now()).toBeGreaterThan(23 * 3_600_000);
  const { status } = await bridge.admin.call('POST', '/admin/v1/installations/reconcile', { locationId: SUSPENDED });
  expect(status).toBe(202);
  await untilState(SUSPENDED, 'installed');
});

test('the nightly reconcile is scheduled once, and a run of it looks at what is not settled', async () => {
  const handle = bridge.temporal.client.schedule.getHandle('installations-reconcile');
  expect((await handle.describe()).action).toMatchObject({ workflowType: 'reconcileInstallations' });
  world.ghl.addLocation({ id: 'found-at-night', companyId: COMPANY });
  await handle.trigger();
  await untilState('found-at-night', 'installed');
});

test('uninstalled: tokens gone at once, what waits is cancelled, GHL is told nothing; reinstalled: it sends again', async () => {
  const connectionId = await bridge.admin.connect({
    ...{ locationId: LOCATION, instanceId: INSTANCE, token: world.waapify.token },
  });
  world.waapify.setState(INSTANCE, 'logged_out');
  const waiting: string[] = [];
  for (const n of [1, 2, 3]) waiting.push((await world.agentSends(`never sent ${n}`)).messageId);
  await eventually(async () => {
    expect((await bridge.admin.message(LOCATION, waiting[2]!)).state).toBe('waiting');
    expect((await bridge.admin.message(LOCATION, waiting[0]!)).reason).toBe('relogin');
  });
  world.ghl.revokeTokens(LOCATION);
  expect(await postEvent(world, 'UNINSTALL', { locationId: LOCATION })).toBe(200);
  expect(await bridge.app.store.tokens.read(LOCATION)).toBeNull();
  for (const id of waiting) {
    const { state, reason } = await bridge.admin.untilState(LOCATION, id, 'cancelled');
    expect([state, reason]).toEqual(['cancelled', 'uninstalled']);
    await ended(`outbound:${LOCATION}:${id}`);
    expect(world.ghl.message(id)!.statusHistory.map(({ status }) => status)).toEqual(['pending']);
  }
  const late = await world.agentSends('after the uninstallation');
  expect((await bridge.admin.untilState(LOCATION, late.messageId, 'cancelled')).reason).toBe('uninstalled');
  world.waapify.scanQr(INSTANCE, '60110000001');
  expect((await world.install()).status).toBe(200);
  await eventually(async () => {
    const connections = await bridge.app.store.connections.list();
    expect(connections.find(({ id }) => id === connectionId)!.state).toBe('connected');
  });
  const again = await world.agentSends('sent again');
  await untilTold(world, again.messageId, 'read');
  expect(sentWith(world, 'never sent 1')).toHaveLength(0);
  expect((await bridge.app.store.tokens.read(LOCATION))!.version).toBeGreaterThan(1);
});

test('an agency is uninstalled: all its locations are, by its workflow; others are not', async () => {
  world.ghl.revokeTokens(COMPANY);
  for (const id of SHOPS) world.ghl.revokeTokens(id);
  await postEvent(world, 'UNINSTALL', { companyId: COMPANY });
  for (const id of [COMPANY, ...SHOPS, FUTURE]) {
    expect(await installation(id)).toMatchObject({ state: 'uninstalled' });
    expect(await bridge.app.store.tokens.read(id)).toBeNull();
  }
  expect(await ended(`installation:company:${COMPANY}`)).toEqual({ state: 'uninstalled' });
  expect(await installation(LOCATION)).toMatchObject({ state: 'installed' });
});

test('no token, code or state stands in a log line', () => {
  const lines = bridge.logs.join('');
  for (const secret of ['sbx-access', 'sbx-refresh', 'sbx-code', 'bridge_install='])
    expect(lines).not.toContain(secret);
});
