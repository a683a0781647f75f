import { ADMIN_TOKEN, startHttpApp, type HttpApp } from '../support/httpApp';
import { connected } from '../support/gatewayPosts';
import { grantOf, typed } from '../store/line';

const scope = { locationId: 'location-with-two' };
let http: HttpApp;
let numbers: string[];
let foreign: string;
beforeAll(async () => {
  http = await startHttpApp();
  await http.app.store.installations.install(scope, { companyId: null, grant: grantOf() });
  const number = async (locationId: string, instance: string) =>
    (await connected(http, locationId, instance)).connectionId;
  numbers = [await number(scope.locationId, 'FIRST')];
  numbers.push((await http.app.store.connections.connect(scope, another('SECOND'))).connectionId);
  foreign = await number('location-of-others', 'THIRD');
});
afterAll(() => http.close());

function another(instanceId: string) {
  return {
    channel: 'whatsapp' as const,
    gateway: 'waapify',
    baseUrl: 'https://gateway.example.com/api',
    instanceId,
    token: 'token',
    webhookSecret: `secret-${instanceId}`,
    webhookHash: `hash-${instanceId}`,
  };
}

async function call(method: string, path: string, body: unknown) {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const answer = await fetch(`${http.admin}${path}`, { method, body: JSON.stringify(body), headers });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}
const patch = (body: unknown) => call('PATCH', `/admin/v1/locations/${scope.locationId}`, body);
const rowOf = async (key: string) => (await http.app.store.messages.findByKey(scope, key))!.message;

test("a location's rules name its own numbers", async () => {
  const rules = { tagConnections: [{ tag: 'vip', connectionId: numbers[1] }], defaultConnection: numbers[0] };
  expect(await patch(rules)).toEqual({ status: 200, json: { settings: rules } });
  const none = await patch({ tagConnections: null, defaultConnection: null });
  expect(none).toEqual({ status: 200, json: { settings: {} } });
});

test.each([
  ['a number of another location', () => ({ defaultConnection: foreign }), 'defaultConnection'],
  [
    'one that nobody has',
    () => ({ tagConnections: [{ tag: 'a', connectionId: 'x' }] }),
    'tagConnections.0.connectionId',
  ],
  ['a rule without a tag', () => ({ tagConnections: [{ connectionId: numbers[0] }] }), 'tagConnections.0.tag'],
])('%s: 422, named, nothing changed', async (_what, body, path) => {
  expect(await patch(body())).toMatchObject({ status: 422, json: { code: 'invalid_input', errors: [{ path }] } });
  expect(JSON.parse((await http.app.store.locations.get(scope))!.settings)).toEqual({});
});

test('a waiting message is moved by a person: audited, and whoever may go now is woken', async () => {
  await http.app.store.messages.acceptOutbound(scope, typed({ messageKey: 'moved' }));
  expect((await rowOf('moved')).connection_id).toBe(numbers[0]);
  const path = `/admin/v1/messages/${scope.locationId}/moved/move`;
  expect(await call('POST', path, { connectionId: numbers[1] })).toMatchObject({ status: 200, json: { moved: 1 } });
  expect((await rowOf('moved')).connection_id).toBe(numbers[1]);
  const [line] = await http.db.knex('audit_log').where({ action: 'message.move' });
  expect(line).toMatchObject({ subject: 'moved', actor: 'operator' });
  expect((await call('POST', path, { connectionId: foreign })).status).toBe(404);
  expect((await call('POST', path, {})).status).toBe(400);
  await http.app.store.messages.cancel(scope, (await rowOf('moved')).id, { reason: 'cancelled_by_operator' });
  const ended = await call('POST', path, { connectionId: numbers[0] });
  expect(ended).toMatchObject({ status: 409, json: { code: 'not_movable' } });
});
