import { ADMIN_TOKEN, startHttpApp, type HttpApp } from '../support/httpApp';
import { opsLine } from '../support/opsLine';
import { openTenant } from '../support/tenants';
import { SHARED_SECRET } from '../support/userContexts';

const MINUTE_MS = 60_000;

let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp({ env: { GHL_SHARED_SECRET: SHARED_SECRET } });
});
afterAll(() => http.close());

test('nothing: it says so', async () => {
  expect(await opsLine(http, 'outages')).toMatchObject({ code: 0, out: 'Nobody was away.\n' });
});

test('an outage with what never came, and one of a number', async () => {
  const { store } = http.app;
  const { scope, connectionId } = await openTenant(http, 'tenant', 'INSTANCE-1');
  const now = await store.now();
  const times = { from_at: now - 10 * MINUTE_MS, to_at: now, whole: 0 };
  await http.db.knex('outages').insert({ id: 'o1', location_id: scope.locationId, ...times, done_at: now, retold: 2 });
  const ofNumber = { connection_id: connectionId, due_at: now + MINUTE_MS };
  await http.db.knex('outages').insert({ id: 'o2', location_id: scope.locationId, ...times, ...ofNumber, whole: 1 });
  const at = now - MINUTE_MS;
  const never = { kind: 'message', ghlId: 'NEVER', direction: 'outbound', status: 'pending', at } as const;
  await store.ghlFacts.note(scope, [{ ...never, providerId: 'provider-sms', contactId: 'c1' }]);
  const { code, out } = await opsLine(http, 'outages');
  expect(code).toBe(0);
  expect(out).toMatch(/location-of-tenant +bridge .* 2 +0 +1 or more +Look at the phones.*send again in GHL/);
  expect(out).toContain(`never came: location-of-tenant NEVER c1 ${new Date(at).toISOString()}`);
  expect(out).toMatch(new RegExp(`location-of-tenant +${connectionId} .* 0 +Nothing to do`));
});

test('the list is for the operator alone', async () => {
  expect((await fetch(`${http.admin}/admin/v1/outages`)).status).toBe(401);
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  expect((await fetch(`${http.admin}/admin/v1/outages`, { headers })).status).toBe(200);
});
