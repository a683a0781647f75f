import Router from '@koa/router';
import { hashSecret } from '../../src/crypto/secrets';
import { createListener } from '../../src/http/listener';
import { session, type SessionState } from '../../src/http/middlewares/session';
import { listen } from '../../src/http/server';
import type { RequestState } from '../../src/http/step';
import { grantOf } from '../store/line';
import { startHttpApp, type HttpApp } from '../support/httpApp';
import { contextOf, payloadOf, SHARED_SECRET, type SaidContext } from '../support/userContexts';

const PAGE = 'https://bridge.example.com';
const scope = { locationId: 'location-1' };

let http: HttpApp;
beforeEach(async () => {
  http = await startHttpApp({ env: { GHL_SHARED_SECRET: SHARED_SECRET } });
  await http.app.store.installations.install(scope, { companyId: 'company-1', grant: grantOf() });
});
afterEach(() => http.close());

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

async function ask(path: string, init: RequestInit = {}, at = http.ingress): Promise<Answer> {
  const answer = await fetch(`${at}${path}`, init);
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] };
}

const exchange = (payload: unknown, headers: Record<string, string> = {}) =>
  ask('/api/v1/session', { method: 'POST', body: JSON.stringify({ payload }), headers });
const look = (token: unknown) => ask('/api/v1/session', { headers: { Authorization: `Bearer ${String(token)}` } });
const signIn = async (said: Partial<SaidContext> = {}) => (await exchange(payloadOf(contextOf(said)))).body['token'];

test('a context is exchanged for a session of 15 minutes', async () => {
  const before = Date.now();
  const { status, body, headers } = await exchange(payloadOf(contextOf()));
  expect(status).toBe(200);
  expect(body).toEqual({
    token: expect.stringMatching(/^[\w-]{43}$/),
    expiresAt: expect.any(String),
    location: 'location-1',
    role: 'admin',
  });
  const life = Date.parse(String(body['expiresAt'])) - before;
  expect(life).toBeGreaterThanOrEqual(15 * 60_000 - 1_000);
  expect(life).toBeLessThanOrEqual(15 * 60_000 + 10_000);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('set-cookie')).toBeNull();
  const { token, ...known } = body;
  expect((await look(token)).body).toEqual(known);
  const [row] = await http.db.knex('audit_log').where({ action: 'session.open' });
  expect(row).toMatchObject({ actor: 'ghl-user', location_id: 'location-1', subject: 'user-1' });
});

test('the store has neither the token nor the payload in clear', async () => {
  const payload = payloadOf(contextOf());
  const token = String((await exchange(payload)).body['token']);
  const stored = JSON.stringify([await http.db.knex('sessions'), await http.db.knex('spent_contexts')]);
  for (const secret of [token, payload, 'ann@example.com', 'Ann']) expect(stored).not.toContain(secret);
});

test('every refusal is the same, and tells and logs nothing of the payload', async () => {
  const spent = payloadOf(contextOf());
  await exchange(spent);
  const bytes = Buffer.from(spent, 'base64');
  const refused = {
    replayed: spent,
    tampered: Buffer.from(bytes.map((byte, n) => (n === 40 ? byte ^ 1 : byte))).toString('base64'),
    truncated: bytes.subarray(0, -16).toString('base64'),
    'cut within a block': bytes.subarray(0, -3).toString('base64'),
    "another app's": payloadOf(contextOf(), 'another-secret'),
    huge: 'A'.repeat(60_000),
    'no JSON': payloadOf('a text that is no JSON'),
    'no location': payloadOf(contextOf({ activeLocation: undefined })),
    "another company's": payloadOf(contextOf({ companyId: 'company-2' })),
    'not installed': payloadOf(contextOf({ activeLocation: 'location-2' })),
    'another role': payloadOf(contextOf({ role: 'owner' })),
    empty: '',
  };
  const answers = await Promise.all(Object.values(refused).map((payload) => exchange(payload)));
  const expected = { status: 401, title: 'Unauthorized', type: 'about:blank', code: 'user_context_refused' };
  const same = answers.map(({ body }) => ({ ...body, requestId: '' }));
  expect(same).toEqual(same.map(() => ({ ...same[0], ...expected })));
  for (const secret of [...Object.values(refused).filter((one) => one !== ''), SHARED_SECRET, 'ann@example.com']) {
    expect(JSON.stringify(same) + http.logs()).not.toContain(secret);
  }
  expect(http.logs()).toContain('"cause":"spent"');
  expect(await http.db.knex('sessions')).toHaveLength(1);
});

test('the bytes of a context are exchanged once, however their base64 is spelt', async () => {
  const payload = payloadOf(contextOf());
  expect((await exchange(payload)).status).toBe(200);
  const answers = [`${payload}\n`, payload.replace(/=+$/, ''), payload.replace(/\+/g, '-'), payload].map((one) =>
    exchange(one),
  );
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 401, 401, 401]);
});

test('without the setting nobody signs in, and the answer names it', async () => {
  const unset = await startHttpApp();
  const init = { method: 'POST', body: JSON.stringify({ payload: payloadOf(contextOf()) }) };
  const { status, body } = await ask('/api/v1/session', init, unset.ingress);
  await unset.close();
  expect([status, body['code']]).toEqual([503, 'setting_missing']);
  expect(body['detail']).toContain('GHL_SHARED_SECRET');
});

test.each([
  ['no JSON', 'x', 400],
  ['no payload', '{}', 400],
  ['a payload that is no text', '{"payload":{}}', 400],
  ['a body over the cap', JSON.stringify({ payload: 'A'.repeat(70_000) }), 413],
])('a body that our page never sends is told so: %s', async (_name, body, status) => {
  expect((await ask('/api/v1/session', { method: 'POST', body })).status).toBe(status);
});

test.each([
  ['another site', { Origin: 'https://evil.example' }],
  ['a page without an origin', { Origin: 'null' }],
  ['our name on another port', { Origin: `${PAGE}:8443` }],
  ['another site, said by the browser alone', { 'Sec-Fetch-Site': 'cross-site' }],
])('another page than ours gets nothing: %s', async (_name, headers) => {
  const { status, body, headers: sent } = await exchange(payloadOf(contextOf()), headers);
  expect([status, body['code']]).toEqual([403, 'cross_origin']);
  expect(sent.get('access-control-allow-origin')).toBeNull();
  expect(await http.db.knex('sessions')).toEqual([]);
});

test('our own page is let in, and no other is invited by a preflight', async () => {
  expect((await exchange(payloadOf(contextOf()), { Origin: PAGE, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200);
  const preflight = { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' };
  const answer = await fetch(`${http.ingress}/api/v1/session`, { method: 'OPTIONS', headers: preflight });
  expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
});

test('more sign-ins than a minute takes are put off', async () => {
  const answers: Answer[] = [];
  for (let n = 0; n < 301; n++) answers.push(await exchange('guess'));
  expect(answers.slice(0, 300).every(({ status }) => status === 401)).toBe(true);
  expect(answers[300]).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
  expect(Number(answers[300]?.headers.get('retry-after'))).toBeLessThanOrEqual(60);
});

test('a session ends with its time, and at once when the location is uninstalled', async () => {
  const [one, other] = [await signIn(), await signIn()];
  const session = http.db.knex('sessions').where({ token_hash: hashSecret(String(one)) });
  await session.update({ expires_at: Date.now() });
  expect([(await look(one)).status, (await look(other)).status]).toEqual([401, 200]);
  await http.app.store.installations.setState(scope, 'uninstalled', null);
  for (const token of [one, other]) {
    const { status, body, headers } = await look(token);
    expect([status, body['code'], headers.get('www-authenticate')]).toEqual([401, 'session_over', 'Bearer']);
  }
});

test.each([undefined, 'Bearer', 'Bearer x', `Bearer ${'x'.repeat(4_000)}`, 'Basic eDp4', 'Bearer %00'])(
  'what is no session is refused: %s',
  async (header) => {
    await signIn();
    const answer = await ask('/api/v1/session', { headers: header === undefined ? {} : { Authorization: header } });
    expect([answer.status, answer.body['code']]).toEqual([401, 'session_over']);
  },
);

test('a user reads and an admin changes; the location is the session’s, whatever the request says', async () => {
  const router = new Router<RequestState>();
  router.put<SessionState>('/api/v1/settings', session(http.app, 'admin'), (ctx) => {
    ctx.body = { location: ctx.state.session.locationId };
  });
  const listener = await listen(createListener(http.app, [], [router]), { host: '127.0.0.1', port: 0 });
  const put = (token: unknown) => {
    const headers = { Authorization: `Bearer ${String(token)}` };
    const path = '/api/v1/settings?locationId=location-2';
    return ask(
      path,
      { method: 'PUT', headers, body: '{"locationId":"location-2"}' },
      `http://127.0.0.1:${listener.port}`,
    );
  };
  const [admin, user] = [await signIn(), await signIn({ role: 'user' })];
  const answers = [await put(admin), await put(user), await put('x')];
  await listener.close();
  expect(answers.map(({ status }) => status)).toEqual([200, 403, 401]);
  expect(answers[0]?.body).toEqual({ location: 'location-1' });
  expect((await look(user)).body).toMatchObject({ role: 'user', location: 'location-1' });
});
