import { startHttpApp, type HttpApp } from '../support/httpApp';

const KEYS = ['key-of-today', 'key-of-yesterday'];

let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp({ env: { ENDPOINT_SECRET: KEYS.join(',') } });
});
afterAll(() => http.close());

const post = async (headers: Record<string, string>) => {
  const response = await fetch(`${http.ingress}/ghl/external-auth`, { method: 'POST', body: '{}', headers });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
};

test.each(KEYS)('each value of ENDPOINT_SECRET opens: %s', async (key) => {
  expect(await post({ 'x-bridge-key': key })).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
});

test.each([
  ['none', {}, 'bridge_key_missing'],
  ['an empty one', { 'x-bridge-key': '' }, 'bridge_key_missing'],
  ['another one', { 'x-bridge-key': 'key-of-tomorrow' }, 'bridge_key_wrong'],
  ['the beginning of one', { 'x-bridge-key': KEYS[0]!.slice(0, -1) }, 'bridge_key_wrong'],
  ['both at once', { 'x-bridge-key': KEYS.join(', ') }, 'bridge_key_wrong'],
  ['a list like the setting', { 'x-bridge-key': KEYS.join(',') }, 'bridge_key_wrong'],
])('%s: 401, and the answer says where it belongs', async (_case, headers, code) => {
  const { status, type, body } = await post(headers);
  expect([status, type]).toEqual([401, expect.stringContaining('application/problem+json')]);
  expect(body).toMatchObject({ code, detail: expect.stringContaining('ENDPOINT_SECRET') });
  for (const key of KEYS) expect(JSON.stringify(body)).not.toContain(key);
});

test('a wrong key is refused before the body is read, and no key is logged', async () => {
  const large = 'x'.repeat(300 * 1024);
  const headers = { 'x-bridge-key': 'key-of-tomorrow' };
  const { status } = await fetch(`${http.ingress}/ghl/external-auth`, { method: 'POST', body: large, headers });
  expect(status).toBe(401);
  for (const key of [...KEYS, 'key-of-tomorrow']) expect(http.logs()).not.toContain(key);
});
