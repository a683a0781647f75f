import { eventually } from '../support/adminClient';
import { startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { openWorld, type World } from '../support/world';

const KEY = 'the-bridge-key';
const COMPANY = 'sbx-company-1';
const WRONG_TOKEN = '0badc0de0badc0de0badc0de0badc0de';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;
beforeAll(async () => {
  world = await openWorld(temporal, { env: { ENDPOINT_SECRET: KEY } });
  bridge = await startInProcess(world);
});

let made = 0;

/** A location of GHL and a number of the gateway that nobody has used yet. */
function newcomer(state: 'connected' | 'logged_out' = 'connected') {
  made += 1;
  const number = `6011100000${made}`;
  const locationId = world.ghl.addLocation({ id: `sbx-external-${made}` }).id;
  const { id: instance } = world.waapify.addInstance({ token: world.waapify.token, number, state });
  const body = { access_token: world.waapify.token, instance_id: instance, whatsapp_number: `+${number}` };
  return { number, locationId, instance, body: { ...body, companyId: COMPANY, locationId: [locationId] } };
}

async function installed(state?: 'logged_out') {
  const new_ = newcomer(state);
  expect((await world.install(new_.locationId)).status).toBe(200);
  return new_;
}

async function post(body: object, key = KEY) {
  const headers = { 'x-bridge-key': key, 'content-type': 'application/json' };
  const wire = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(`${world.publicUrl}/ghl/external-auth`, wire);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function connectionOf(locationId: string) {
  const { body } = await bridge.admin.call('GET', '/admin/v1/connections');
  const { connections } = body as { connections: { id: string; locationId: string; state: string }[] };
  return connections.find((one) => one.locationId === locationId);
}

const untilConnected = (locationId: string) =>
  eventually(async () => expect(await connectionOf(locationId)).toMatchObject({ state: 'connected' }));

async function sendsAndHears(locationId: string, text: string): Promise<void> {
  const { messageId } = await world.agentSends(text, { locationId });
  // Read: the receipts came back, so the gateway knows where to post.
  await untilTold(world, messageId, 'read');
}

test('200 connected: the number sends, and receipts come back', async () => {
  const { body, locationId } = await installed();
  expect(await post(body)).toMatchObject({ status: 200, body: { accepted: true, state: 'connected' } });
  await sendsAndHears(locationId, 'connected by external authentication');
  const before = await connectionOf(locationId);
  expect(await post(body)).toMatchObject({ status: 200, body: { connectionId: before!.id, state: 'connected' } });
  await sendsAndHears(locationId, 'and the same again changed nothing');
});

test('401: a wrong bridge key, token or instance; 422: a wrong number or no location', async () => {
  const { body, locationId } = await installed();
  expect(await post(body, 'guessed')).toMatchObject({ status: 401, body: { code: 'bridge_key_wrong' } });
  const refusals = [
    { given: { access_token: WRONG_TOKEN }, status: 401, path: 'access_token' },
    { given: { instance_id: '0000000000000' }, status: 401, path: 'instance_id' },
    { given: { whatsapp_number: '+60129999999' }, status: 422, path: 'whatsapp_number' },
    { given: { locationId: null }, status: 422, path: 'locationId' },
  ];
  for (const { given, status, path } of refusals) {
    const answer = await post({ ...body, ...given });
    expect(answer).toMatchObject({ status, body: { errors: [{ path, message: expect.any(String) }] } });
    expect(JSON.stringify(answer.body)).not.toContain(WRONG_TOKEN);
  }
  expect(await connectionOf(locationId)).toBeUndefined();
});

test('200 relogin: what waits goes out by itself once the QR code is scanned', async () => {
  const { body, locationId, instance, number } = await installed('logged_out');
  const answer = await post(body);
  expect(answer).toMatchObject({ status: 200, body: { state: 'relogin' } });
  expect(answer.body.next).toContain('Scan its QR code');
  const { messageId } = await world.agentSends('waits for the scan', { locationId });
  await bridge.admin.untilState(locationId, messageId, 'waiting');
  world.waapify.scanQr(instance, number);
  await untilTold(world, messageId, 'read');
});

test('200 unverified: a gateway that is down is asked later', async () => {
  const { body, locationId } = await installed();
  await world.waapify.pause();
  expect(await post(body)).toMatchObject({ status: 200, body: { state: 'unverified' } });
  await world.waapify.resume();
  await untilConnected(locationId);
  await sendsAndHears(locationId, 'verified later');
});

test('200 unverified: that the host speaks the younger dialect is found later too', async () => {
  const { body, locationId, instance } = await installed();
  world.waapify.fault({ endpoint: 'reconnect', instanceId: instance, end: 'http_error', status: 404, times: 5 });
  expect(await post(body)).toMatchObject({ status: 200, body: { state: 'unverified' } });
  await untilConnected(locationId);
  await sendsAndHears(locationId, 'in the younger dialect');
  const calls = world.waapify.requests.entries.filter(
    ({ endpoint, params }) => endpoint !== 'reconnect' && params.instance_id === instance,
  );
  expect(new Set(calls.map(({ endpoint }) => endpoint))).toEqual(new Set(['setwebhook', 'send']));
  expect(new Set(calls.map(({ generation }) => generation))).toEqual(new Set(['v2']));
});

test('200 kept: a location that is not installed yet gets its number with its token', async () => {
  const { body, locationId } = newcomer();
  const { messageId } = await world.agentSends('before the install', { locationId });
  expect(await post(body)).toMatchObject({ status: 200, body: { state: 'kept' } });
  expect(await connectionOf(locationId)).toBeUndefined();
  expect((await world.install(locationId)).status).toBe(200);
  await untilTold(world, messageId, 'read');
  await sendsAndHears(locationId, 'after the install');
});

test('409: an instance belongs to one location', async () => {
  const first = await installed();
  const second = await installed();
  await post(first.body);
  const answer = await post({
    ...second.body,
    instance_id: first.instance,
    whatsapp_number: first.body.whatsapp_number,
  });
  expect(answer).toMatchObject({ status: 409, body: { code: 'instance_taken' } });
  expect(await connectionOf(second.locationId)).toBeUndefined();
});

test('200 default: a company gives its token for several locations, and each picks its own instance', async () => {
  const [first, second, excluded] = [await installed(), await installed(), await installed()];
  const body = { ...first.body, locationId: null, approveAllLocations: true, excludedLocations: [excluded.locationId] };
  expect(await post(body)).toMatchObject({ status: 200, body: { state: 'default' } });
  const connect = ({ locationId, instance: instanceId }: typeof first) =>
    bridge.admin.call('POST', '/admin/v1/connections', { locationId, instanceId });
  expect(await connect(excluded)).toMatchObject({ status: 422, body: { code: 'token_missing' } });
  for (const one of [first, second]) {
    expect(await connect(one)).toMatchObject({ status: 201, body: { state: 'connected' } });
    await sendsAndHears(one.locationId, `on an instance of its own: ${one.instance}`);
  }
});

test('no token stands in a log line', () => {
  expect(bridge.logs.length).toBeGreaterThan(0);
  for (const secret of [world.waapify.token, WRONG_TOKEN, KEY]) expect(bridge.logs.join('')).not.toContain(secret);
});
