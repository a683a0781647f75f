import { GHL_FAULTS } from '../../src/sandbox/ghl';
import { eventually } from '../support/adminClient';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { sentWith, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { LOCATION, openWorld, type World } from '../support/world';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});
afterEach(() => world.ghl.clearFaults());

const version = async () => (await bridge.app.store.tokens.read(LOCATION))!.version;
const stateOf = async () => (await bridge.app.store.locations.get({ locationId: LOCATION }))!.state;
const handleOf = (of: number) => bridge.temporal.client.workflow.getHandle(`token-refresh:${LOCATION}:v${of}`);
const refreshes = () =>
  world.ghl.journal.entries.filter(
    ({ operation, summary }) => operation === 'token' && summary !== 'authorization_code',
  );

async function force(): Promise<number> {
  const { status, body } = await bridge.admin.call('POST', `/admin/v1/tokens/${LOCATION}/refresh`);
  expect(status).toBe(202);
  return (body as { version: number }).version;
}

async function untilVersion(wanted: number): Promise<void> {
  await eventually(async () => expect(await version()).toBe(wanted));
}

test('an operator has a token renewed: once, in a run on the queue of renewals', async () => {
  const of = await force();
  await untilVersion(of + 1);
  const description = await handleOf(of).describe();
  expect(description.taskQueue).toBe('bridge-token');
  await expect(handleOf(of).result()).resolves.toEqual({ outcome: 'renewed' });
  expect(refreshes()).toHaveLength(1);
});

test('a quiet location is renewed before its token runs out, though nobody asks for it', async () => {
  world.ghl.configure({ expiresInS: 8 });
  const of = await force();
  await untilVersion(of + 1);
  world.ghl.configure({ expiresInS: 86_399 });
  await untilVersion(of + 2);
  expect((await bridge.app.store.tokens.read(LOCATION))!.expiresInMs).toBeGreaterThan(80_000_000);
});

test('GHL fails for a while: the same token is tried again, and renewed', async () => {
  world.ghl.fault({ operation: 'token', end: 'status', status: 500, times: 2 });
  const before = refreshes().length;
  const of = await force();
  await untilVersion(of + 1);
  expect(
    refreshes()
      .slice(before)
      .map(({ status }) => status),
  ).toEqual([500, 500, 200]);
});

test('suspended: held, not failed; tried when asked; then everything goes on by itself', async () => {
  world.ghl.fault({ ...GHL_FAULTS.locationNotActive, times: 2 });
  const of = await force();
  await eventually(async () => expect(await stateOf()).toBe('suspended'));
  const { messageId } = await world.agentSends('while suspended');
  await eventually(async () => {
    expect(await bridge.admin.message(LOCATION, messageId)).toMatchObject({ state: 'waiting', reason: 'suspended' });
  });
  expect(await force()).toBe(of);
  await eventually(() => expect(world.ghl.pendingFaults()).toBe(0));
  expect(await stateOf()).toBe('suspended');
  expect((await handleOf(of).describe()).status.name).toBe('RUNNING');
  expect(sentWith(world, 'while suspended')).toHaveLength(0);
  await force();
  await untilSent(world, 'while suspended');
  await untilTold(world, messageId, 'read');
  expect([await stateOf(), await version()]).toEqual(['installed', of + 1]);
});

test('refused twice and no company: held with an alert until it is reconnected, then sent', async () => {
  world.ghl.fault({ ...GHL_FAULTS.refreshTokenRefused, times: 2 });
  const of = await force();
  await eventually(async () => expect(await stateOf()).toBe('reauth_required'));
  await expect(handleOf(of).result()).rejects.toMatchObject({ cause: { type: 'reauth_required' } });
  const { messageId } = await world.agentSends('while access is lost');
  await eventually(async () => {
    const waiting = { state: 'waiting', reason: 'reauth_required' };
    expect(await bridge.admin.message(LOCATION, messageId)).toMatchObject(waiting);
  });
  await eventually(async () => {
    expect((await bridge.app.store.alerts.countOpen()).location_reauth).toBe(1);
  });
  expect(sentWith(world, 'while access is lost')).toHaveLength(0);
  expect((await world.install()).status).toBe(200);
  await untilTold(world, messageId, 'read');
  expect([await stateOf(), await version()]).toEqual(['installed', of + 1]);
  await eventually(async () => {
    expect((await bridge.app.store.alerts.countOpen()).location_reauth).toBeUndefined();
  });
});

test('refused once is not refused: the next try is good', async () => {
  world.ghl.fault(GHL_FAULTS.refreshTokenRefused);
  const of = await force();
  await untilVersion(of + 1);
  expect(await stateOf()).toBe('installed');
});

test('a renewal that failed may be asked for again: GHL takes the token after all', async () => {
  world.ghl.fault({ ...GHL_FAULTS.refreshTokenRefused, times: 2 });
  const of = await force();
  await eventually(async () => expect(await stateOf()).toBe('reauth_required'));
  expect(await force()).toBe(of);
  await untilVersion(of + 1);
  expect(await stateOf()).toBe('installed');
});

test("the company's path: its token has run out too; it is renewed, and gives the location a pair", async () => {
  const companyId = 'sbx-company-1';
  await installCompany(companyId);
  world.ghl.expireAccessTokens(companyId);
  world.ghl.fault({ ...GHL_FAULTS.refreshTokenRefused, locationId: LOCATION, times: 2 });
  const of = await force();
  await untilVersion(of + 1);
  expect((await bridge.app.store.tokens.read(companyId))!.version).toBe(2);
  expect(await stateOf()).toBe('installed');
  const { messageId } = await world.agentSends('with a token out of the company');
  await untilTold(world, messageId, 'read');
});

/** By the token exchange itself; how companies are installed is another test's. */
async function installCompany(companyId: string): Promise<void> {
  const redirectUri = `${world.publicUrl}/oauth/callback`;
  const url = new URL('/v2/oauth/chooselocation', world.ghl.url);
  const query = {
    response_type: 'code',
    client_id: world.ghl.clientId,
    redirect_uri: redirectUri,
    company_id: companyId,
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const { headers } = await fetch(url, { redirect: 'manual' });
  const code = new URL(headers.get('location')!).searchParams.get('code')!;
  const grant = await bridge.app.ghl.exchangeCode({ code, redirectUri, userType: 'Company' });
  await bridge.app.store.installations.installCompany(companyId, { grant });
}
