import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { connected } from '../support/gatewayPosts';
import { signedByGhl, startHttpApp, type HttpApp } from '../support/httpApp';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();

let http: HttpApp;
let old: HttpApp;
beforeAll(async () => {
  http = await startHttpApp({ env: { GHL_LEGACY_RSA_KEY: PEM, DELIVERY_SIGNATURE: 'when-present' } });
  old = await startHttpApp({ env: { GHL_LEGACY_RSA_KEY: PEM, GHL_LEGACY_RSA: 'true' } });
});
afterAll(async () => {
  await http.close();
  await old.close();
});

let count = 0;
const fresh = (): string => `loc-${++count}`;
const eventOf = (type: string, more: object = {}): object => ({
  ...{ type, appId: 'sandboxapp', webhookId: randomUUID(), timestamp: new Date().toISOString() },
  ...more,
});

async function post(event: object | string, headers?: (body: string) => Record<string, string>, at = http) {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const signed = (headers ?? ((text) => ({ 'x-ghl-signature': signedByGhl(text) })))(body);
  const answer = await fetch(`${at.ingress}/ghl/webhooks`, { method: 'POST', body, headers: signed });
  return { status: answer.status, json: (await answer.json()) as { code?: string } };
}

const stateOf = async (id: string, at = http) => (await at.app.store.installations.get(id))?.state;
const byRsa = (body: string) => ({
  'x-wh-signature': sign('sha256', Buffer.from(body), rsa.privateKey).toString('base64'),
});

test('INSTALL and UNINSTALL are in the store when they are answered, and their workflow is told', async () => {
  const locationId = fresh();
  const at = Date.now();
  expect(await post(eventOf('INSTALL', { locationId, timestamp: new Date(at).toISOString() }))).toMatchObject({
    status: 200,
  });
  expect(await stateOf(locationId)).toBe('pending');
  await post(eventOf('UNINSTALL', { locationId, timestamp: new Date(at + 1_000).toISOString() }));
  expect(await stateOf(locationId)).toBe('uninstalled');
  const told = http.installing.filter(({ resourceId }) => resourceId === locationId);
  expect(told).toEqual([
    { resourceId: locationId, kind: 'location' },
    { resourceId: locationId, kind: 'location' },
  ]);
});

test('the same event again is answered 200 and changes nothing, with an id and without one', async () => {
  for (const webhookId of [randomUUID(), undefined]) {
    const locationId = fresh();
    const event = eventOf('INSTALL', { locationId, webhookId });
    await post(event);
    expect((await post(event)).status).toBe(200);
    expect(http.installing.filter(({ resourceId }) => resourceId === locationId)).toHaveLength(1);
  }
});

test.each([
  ['unsigned, also where Delivery posts may be', () => ({}), 'signature_missing'],
  ['wrongly signed', () => ({ 'x-ghl-signature': signedByGhl('{}') }), 'signature_wrong'],
  ['signed the old way without the flag', byRsa, 'signature_missing'],
] as [string, (body: string) => Record<string, string>, string][])(
  '%s: 401, nothing happens',
  async (_how, headers, code) => {
    const locationId = fresh();
    expect(await post(eventOf('INSTALL', { locationId }), headers)).toMatchObject({ status: 401, json: { code } });
    expect(await stateOf(locationId)).toBeUndefined();
  },
);

test('with the flag the old signature counts, but a wrong one does not, nor beside a wrong new one', async () => {
  const [good, bad, mixed] = [fresh(), fresh(), fresh()];
  expect((await post(eventOf('INSTALL', { locationId: good }), byRsa, old)).status).toBe(200);
  expect(await stateOf(good, old)).toBe('pending');
  expect((await post(eventOf('INSTALL', { locationId: bad }), () => byRsa('{}'), old)).status).toBe(401);
  const both = (body: string) => ({ ...byRsa(body), 'x-ghl-signature': signedByGhl('{}') });
  expect((await post(eventOf('INSTALL', { locationId: mixed }), both, old)).status).toBe(401);
  expect([await stateOf(bad, old), await stateOf(mixed, old)]).toEqual([undefined, undefined]);
});

test.each([['otherapp'], [undefined]])(
  "an event of another app, signed by GHL's one key, is ignored: %p",
  async (appId) => {
    const locationId = fresh();
    expect((await post(eventOf('UNINSTALL', { locationId, appId }))).status).toBe(200);
    expect(await stateOf(locationId)).toBeUndefined();
    expect(await http.app.metrics.render()).toMatch(/bridge_app_events_total\{type="UNINSTALL",outcome="other_app"\}/);
  },
);

test('what nobody knows: 200, counted, and nothing of it in the log', async () => {
  const event = eventOf('SomethingNew', { locationId: fresh(), body: 'a private text', extra: [1] });
  expect((await post(event)).status).toBe(200);
  expect(await http.app.metrics.render()).toContain('bridge_app_events_total{type="other",outcome="ignored"} 1');
  expect(http.logs()).not.toContain('a private text');
});

test.each([
  ['no JSON', 'x'],
  ['no type', '{}'],
  ['a list', '[]'],
])('%s: 400', async (_what, body) => {
  expect((await post(body)).status).toBe(400);
});

test('over 1 MB: 413', async () => {
  expect((await post(JSON.stringify({ type: 'x', body: 'y'.repeat(1024 * 1024) }))).status).toBe(413);
});

test('EXTERNAL_AUTH_CONNECTED and PLAN_CHANGE stand in the audit log', async () => {
  const locationId = fresh();
  await post(eventOf('INSTALL', { locationId }));
  await post(eventOf('EXTERNAL_AUTH_CONNECTED', { locationId, companyId: 'c', authType: 'basic' }));
  await post(eventOf('PLAN_CHANGE', { locationId, companyId: 'c', currentPlanId: 'p1', newPlanId: 'p2' }));
  expect(await http.app.store.installations.get(locationId)).toMatchObject({
    plan_id: 'p2',
    external_auth_at: expect.any(Number) as number,
  });
  const actions: string[] = await http.db.knex('audit_log').where({ location_id: locationId }).pluck('action');
  expect(actions).toEqual(
    expect.arrayContaining(['event.install', 'event.external_auth_connected', 'event.plan_change']),
  );
});

test('EXTERNAL_AUTH_CONNECTED without anything of it here is said: GHL asked another address', async () => {
  const [asked, elsewhere] = [fresh(), fresh()];
  for (const locationId of [asked, elsewhere]) await post(eventOf('INSTALL', { locationId }));
  await connected(http, asked, 'INSTANCE-OF-APP-EVENTS');
  for (const locationId of [asked, elsewhere]) await post(eventOf('EXTERNAL_AUTH_CONNECTED', { locationId }));
  const warned = http
    .logs()
    .split('\n')
    .filter((line) => line.includes('but asked elsewhere'));
  expect(warned.map((line) => (JSON.parse(line) as { locationId: string }).locationId)).toEqual(
    expect.arrayContaining([elsewhere]),
  );
  expect(warned.join('')).not.toContain(`"${asked}"`);
});

test('what could not be stored is answered 429, the one status after which GHL always posts again', async () => {
  const locationId = fresh();
  const event = eventOf('INSTALL', { locationId });
  jest.spyOn(http.app.store.appEvents, 'apply').mockRejectedValueOnce(new Error('the disk is full'));
  expect(await post(event)).toMatchObject({ status: 429, json: { code: 'not_stored' } });
  expect((await post(event)).status).toBe(200);
  expect(await stateOf(locationId)).toBe('pending');
});

test('without anybody who is meant: 200, nothing happens', async () => {
  expect((await post(eventOf('INSTALL'))).status).toBe(200);
});
