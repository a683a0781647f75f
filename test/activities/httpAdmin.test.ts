import { request } from 'undici';
import type { QrResult } from '../../src/channels/gateway';
import type { Readiness } from '../../src/http/routes/health';
import { deliveryBody, postDelivery, PRIVATE } from '../support/deliveryPost';
import { connected } from '../support/gatewayPosts';
import { ADMIN_TOKEN, startHttpApp, type HttpApp } from '../support/httpApp';

let readiness: Readiness;
let qr: () => Promise<QrResult>;
let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp({
    gateway: { qr: () => qr() },
    probes: {
      readiness: () => Promise.resolve(readiness),
      temporalCheck: () => Promise.resolve({ ok: false, commands: ['temporal operator search-attribute create'] }),
    },
  });
});
afterAll(() => http.close());
beforeEach(() => {
  readiness = { ready: true, degraded: [], missing: [] };
  qr = () => Promise.resolve({ connected: false, png: Buffer.from('PNG') });
});

interface CallOptions {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: unknown;
}

async function call(path: string, { method = 'GET', headers = {}, body }: CallOptions = {}) {
  const bearer = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const wire = { method, headers: { ...bearer, ...headers }, body: body === undefined ? null : JSON.stringify(body) };
  const answer = await request(`${http.admin}${path}`, wire);
  const text = await answer.body.text();
  const isJson = String(answer.headers['content-type']).includes('json');
  return { status: answer.statusCode, headers: answer.headers, text, json: (isJson ? JSON.parse(text) : {}) as never };
}

describe('who may ask', () => {
  const GUARDED = [
    ['GET', '/metrics'],
    ['GET', '/admin/v1/installations'],
    ['GET', '/admin/v1/connections'],
    ['POST', '/admin/v1/connections'],
    ['GET', '/admin/v1/connections/x/qr'],
    ['GET', '/admin/v1/messages/loc/msg'],
    ['POST', '/admin/v1/messages/loc/msg/cancel'],
    ['POST', '/admin/v1/messages/loc/msg/resend'],
    ['POST', '/admin/v1/keys/rotate'],
    ['GET', '/admin/v1/temporal/check'],
    ['GET', '/nothing/here'],
  ] as const;

  test.each(GUARDED)('%s %s wants the bearer', async (method, path) => {
    for (const authorization of ['', 'Bearer', 'Bearer wrong', `Basic ${ADMIN_TOKEN}`, ADMIN_TOKEN]) {
      const answer = await call(path, { method, headers: { authorization } });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(answer.json).toMatchObject({ code: 'unauthorized', status: 401 });
    }
  });

  test.each([
    'evil.example.com',
    'evil.example.com:3001',
    'localhost.evil.com',
    '127.0.0.1.evil.com',
    '',
    'x@127.0.0.1',
  ])('a host that is not ours is refused, bearer or not (DNS rebinding): %s', async (host) => {
    for (const path of ['/healthz', '/admin/v1/connections']) {
      const answer = await call(path, { headers: { host } });
      expect(answer.status).toBe(421);
      expect(answer.json).toMatchObject({ code: 'host_not_allowed' });
    }
  });

  test.each(['127.0.0.1', 'localhost:3001', 'LOCALHOST', '[::1]:3001', '10.1.2.3:3001', '[fd00::1]'])(
    'a host that is this machine, or an address, is taken: %s',
    async (host) => expect((await call('/healthz', { headers: { host } })).status).toBe(200),
  );

  test('ADMIN_HOST itself is taken', async () => {
    const named = await startHttpApp({ env: { ADMIN_HOST: 'Bridge.internal' } });
    const answer = await request(`${named.admin}/healthz`, { headers: { host: 'bridge.internal:3001' } });
    await answer.body.dump();
    await named.close();
    expect(answer.statusCode).toBe(200);
  });
});

describe('health and metrics', () => {
  test('/healthz and /readyz want no bearer', async () => {
    const headers = { authorization: '' };
    expect(await call('/healthz', { headers })).toMatchObject({ status: 200, json: { status: 'ok' } });
    readiness = { ready: true, degraded: ['temporal'], missing: [] };
    expect(await call('/readyz', { headers })).toMatchObject({ status: 200, json: { degraded: ['temporal'] } });
  });

  test('/readyz says 503 and names what is missing', async () => {
    readiness = { ready: false, degraded: [], missing: ['store'] };
    expect(await call('/readyz')).toMatchObject({ status: 503, json: { missing: ['store'] } });
  });

  test('/metrics is Prometheus text', async () => {
    const { status, headers, text } = await call('/metrics');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/plain; version=/);
    expect(text).toContain('# TYPE bridge_http_requests_total counter');
  });
});

describe('installations and connections', () => {
  test('lists installations', async () => {
    const grant = { accessToken: 'access-token', refreshToken: 'refresh-token', expiresInS: 1, scope: '' };
    await http.app.store.installations.install({ locationId: 'locA' }, { companyId: null, grant });
    const { json, text } = await call('/admin/v1/installations');
    const since = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string;
    expect(json).toEqual({ installations: [{ resourceId: 'locA', kind: 'location', state: 'installed', since }] });
    expect(text).not.toContain('token');
  });

  test('lists connections with what waits on each, and no secret', async () => {
    const { connectionId } = await connected(http, 'locA');
    await postDelivery(http, deliveryBody({ locationId: 'locA' }));
    const { json, text } = await call('/admin/v1/connections');
    const since = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string;
    expect(json).toEqual({
      connections: [
        {
          id: connectionId,
          locationId: 'locA',
          state: 'unverified',
          since,
          reason: expect.stringContaining('not confirmed') as string,
          next: expect.any(String) as string,
          waiting: 1,
          settings: {},
        },
      ],
    });
    for (const secret of ['gateway-token', 'webhook-secret']) expect(text).not.toContain(secret);
  });

  test('connects a number: 201, then 200 for the same one again', async () => {
    const body = { locationId: 'locB', instanceId: 'INSTANCEB', token: 'the-gateway-token', number: '+60123456789' };
    const first = await call('/admin/v1/connections', { method: 'POST', body });
    expect(first).toMatchObject({ status: 201, json: { created: true, state: 'connected', webhook: 'registered' } });
    expect((await call('/admin/v1/connections', { method: 'POST', body })).status).toBe(200);
    expect(first.text).not.toMatch(/the-gateway-token|60123456789/);
  });

  test('names every bad field of a connect', async () => {
    const body = { instanceId: 5, token: 'with space', baseUrl: 'ftp://x', numbre: '1', number: 7 };
    const { status, json } = await call('/admin/v1/connections', { method: 'POST', body });
    expect(status).toBe(400);
    const { errors } = json as { errors: { path: string }[] };
    expect(errors.map(({ path }) => path).sort()).toEqual([
      'baseUrl',
      'instanceId',
      'locationId',
      'number',
      'numbre',
      'token',
    ]);
  });

  test('gives the QR code of a connection, or that there is none to scan', async () => {
    const [row] = await http.app.store.connections.list();
    const path = `/admin/v1/connections/${row!.id}/qr`;
    const png = Buffer.from('PNG').toString('base64');
    expect((await call(path)).json).toEqual({ connected: false, png, expiresAt: expect.any(String) as string });
    qr = () => Promise.resolve({ connected: true });
    await http.db.knex('connections').update({ probe_due_at: 9_999_999_999_999 });
    expect((await call(path)).json).toEqual({ connected: true });
    const due = await http.app.store.connections.takeDueProbes();
    expect(due.map(({ id }) => id)).toEqual([row!.id]);
    expect((await call('/admin/v1/connections/conn-none/qr')).status).toBe(404);
  });
});

describe('messages', () => {
  const path = (body: Record<string, unknown>) => `/admin/v1/messages/${body['locationId']}/${body['messageId']}`;

  test('shows a message without number and text', async () => {
    const body = deliveryBody();
    await postDelivery(http, body);
    const { status, json, text } = await call(path(body));
    expect(status).toBe(200);
    expect(json).toEqual({
      state: 'accepted',
      reason: 'not_installed',
      next: expect.stringContaining('looked at again at') as string,
      parts: [{ n: 1, state: 'unsent' }],
      attempts: [{ attempt: 1, state: 'accepted', parts: [{ n: 1, state: 'unsent' }] }],
      workflowId: `outbound:${String(body['locationId'])}:${String(body['messageId'])}`,
    });
    for (const value of Object.values(PRIVATE)) expect(text).not.toContain(value);
  });

  test('a message of another location is not found', async () => {
    const body = deliveryBody();
    await postDelivery(http, body);
    const elsewhere = path({ ...body, locationId: 'loc2' });
    expect((await call(elsewhere)).status).toBe(404);
    expect((await call(`${elsewhere}/cancel`, { method: 'POST' })).status).toBe(404);
    expect((await call(path(body))).json).toMatchObject({ state: 'accepted' });
  });

  test('cancels what nobody has claimed: once, audited, and its run is woken', async () => {
    const body = deliveryBody({ locationId: 'loc1', messageId: 'id:with/odd%signs' });
    await postDelivery(http, body);
    const odd = `/admin/v1/messages/loc1/${encodeURIComponent(String(body['messageId']))}`;
    const answer = await call(`${odd}/cancel`, { method: 'POST' });
    expect([answer.status, answer.json]).toEqual([200, { state: 'cancelled' }]);
    expect((await call(odd)).json).toMatchObject({ state: 'cancelled', reason: 'cancelled_by_operator' });
    const { message } = (await http.app.store.messages.findByKey({ locationId: 'loc1' }, String(body['messageId'])))!;
    expect(http.woken.map(({ messageId }) => messageId)).toContain(message.id);
    const again = await call(`${odd}/cancel`, { method: 'POST' });
    expect(again.headers['content-type']).toMatch('application/problem+json');
    expect([again.status, again.json]).toMatchObject([409, { code: 'not_cancellable', state: 'cancelled' }]);
    const audit = await http.db.knex('audit_log').where({ action: 'message.cancel' }).orderBy('id');
    expect(audit).toMatchObject([{ subject: 'id:with/odd%signs' }, { subject: 'id:with/odd%signs' }]);
  });

  test('what has failed is not cancelled', async () => {
    const body = deliveryBody({ message: '' });
    await postDelivery(http, body);
    const answer = await call(`${path(body)}/cancel`, { method: 'POST' });
    expect([answer.status, answer.json]).toMatchObject([409, { state: 'failed' }]);
    expect((await call(path(body))).json).toMatchObject({ state: 'failed', reason: 'nothing_to_send' });
  });
});

describe('maintenance', () => {
  test('rotates the keys, audited', async () => {
    expect(await call('/admin/v1/keys/rotate', { method: 'POST' })).toMatchObject({ status: 200, json: { sealed: 0 } });
    expect(await http.db.knex('audit_log').where({ action: 'keys.rotate' })).toMatchObject([{ actor: 'operator' }]);
  });

  test('says what Temporal lacks', async () => {
    const { json } = await call('/admin/v1/temporal/check');
    expect(json).toEqual({ ok: false, commands: ['temporal operator search-attribute create'] });
  });
});

test('neither bearer nor any private value stands in a log line', () => {
  for (const value of [ADMIN_TOKEN, 'the-gateway-token', ...Object.values(PRIVATE)])
    expect(http.logs()).not.toContain(value);
});
