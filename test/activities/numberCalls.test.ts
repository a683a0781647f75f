import { request } from 'undici';
import type { ProbeResult, QrResult } from '../../src/channels/gateway';
import { DomainError } from '../../src/domain/errors';
import type { ConnectionUpdates } from '../../src/domain/workflowTypes';
import { connected } from '../support/gatewayPosts';
import { ADMIN_TOKEN, startHttpApp, type HttpApp } from '../support/httpApp';
import { opsLine } from '../support/opsLine';

/** What a person asks of a number: by its workflow, and straight from the gateway while Temporal is away. */
let probe: ProbeResult;
let qr: () => Promise<QrResult>;
let answered: Partial<ConnectionUpdates>;
let asked: string[];
let http: HttpApp;
let id: string;
let count = 0;

beforeAll(async () => {
  http = await startHttpApp({ gateway: { probe: () => Promise.resolve(probe), qr: () => qr() } });
  http.app.starter.askConnection = <N extends keyof ConnectionUpdates>(
    { connectionId }: { connectionId: string },
    name: N,
  ) => {
    asked.push(`${connectionId} ${name}`);
    return Promise.resolve(name in answered ? (answered[name] as ConnectionUpdates[N]) : 'not_taken');
  };
});
afterAll(() => http.close());
beforeEach(async () => {
  probe = { kind: 'connected' };
  qr = () => Promise.resolve({ connected: false, png: Buffer.from('PNG') });
  ({ connectionId: id } = await connected(http, `loc-${++count}`));
  [answered, asked] = [{}, []];
});

async function call(method: 'GET' | 'POST', what: string, of = id) {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const answer = await request(`${http.admin}/admin/v1/connections/${of}/${what}`, { method, headers });
  return { status: answer.statusCode, json: (await answer.body.json()) as Record<string, unknown> };
}

const row = async () => (await http.app.store.connections.list()).find((one) => one.id === id)!;

describe('reconnect', () => {
  test('is asked of the workflow, and shown as it answers', async () => {
    answered.reconnect = {
      gateway: 'held',
      state: 'relogin',
      since: 0,
      why: 'it is logged out',
      next: 'scan',
      waiting: 3,
    };
    const { status, json } = await call('POST', 'reconnect');
    const since = '1970-01-01T00:00:00.000Z';
    expect([status, json]).toEqual([
      200,
      { gateway: 'held', state: 'relogin', since, reason: 'it is logged out', next: 'scan', waiting: 3 },
    ]);
    expect(asked).toEqual([`${id} reconnect`]);
  });

  test('while Temporal is away the gateway is asked from here, and the answer counts', async () => {
    probe = { kind: 'held', state: 'relogin', text: 'Logged out.' };
    expect((await call('POST', 'reconnect')).json).toMatchObject({ gateway: 'held', state: 'relogin' });
    expect(await row()).toMatchObject({ state: 'relogin' });
    probe = { kind: 'connected' };
    const webhooks = http.webhooks.length;
    expect((await call('POST', 'reconnect')).json).toMatchObject({ gateway: 'connected', state: 'connected' });
    // A gateway that lost the number may have lost our address with it.
    expect(http.webhooks).toHaveLength(webhooks + 1);
    probe = { kind: 'unreachable', cause: 'timeout' };
    expect((await call('POST', 'reconnect')).json).toMatchObject({ gateway: 'unreachable', state: 'connected' });
  });

  test('a connection that is not there, or has gone meanwhile', async () => {
    expect((await call('POST', 'reconnect', 'conn-none')).status).toBe(404);
    answered.reconnect = null;
    expect((await call('POST', 'reconnect')).status).toBe(404);
  });

  test('on the command line', async () => {
    probe = { kind: 'held', state: 'relogin', text: 'Logged out.' };
    const { code, out } = await opsLine(http, `reconnect --connection ${id}`);
    expect([code, out]).toEqual([
      0,
      'The number is relogin: the number is logged out; 0 waiting.\nNext: scan the QR code again; sending goes on by itself.\n',
    ]);
  });
});

describe('a QR code', () => {
  test('comes from the store, once the workflow has had it fetched', async () => {
    const scope = { locationId: (await row()).location_id };
    const expiresAt = await http.app.store.qr.keep(scope, id, { png: Buffer.from('kept'), lifeMs: 60_000 });
    answered.qr = { connected: false, ready: true, expiresAt, refusal: null };
    const { status, json } = await call('GET', 'qr');
    const png = Buffer.from('kept').toString('base64');
    expect([status, json]).toEqual([200, { connected: false, png, expiresAt: new Date(expiresAt).toISOString() }]);
  });

  test("a gateway's refusal keeps its code, sentence and status on the way through the workflow", async () => {
    const refusal = {
      code: 'qr_not_ready',
      retry: 'later',
      message: 'Ask again in half a minute.',
      status: 422,
    } as const;
    qr = () =>
      Promise.reject(new DomainError(refusal.code, refusal.retry, refusal.message, { status: refusal.status }));
    const direct = await call('GET', 'qr');
    expect(direct).toMatchObject({ status: 422, json: { code: 'qr_not_ready', detail: refusal.message } });
    answered.qr = { connected: false, ready: false, expiresAt: null, refusal };
    const { requestId: _one, ...shown } = (await call('GET', 'qr')).json;
    const { requestId: _other, ...before } = direct.json;
    expect(shown).toEqual(before);
  });

  test('that expired on the way is not shown', async () => {
    answered.qr = { connected: false, ready: true, expiresAt: 1, refusal: null };
    expect(await call('GET', 'qr')).toMatchObject({ status: 422, json: { code: 'qr_not_ready' } });
  });

  test('is gone from the store when the number is linked, and the number is asked at once', async () => {
    await call('GET', 'qr');
    expect(await http.db.knex('qr_pictures').where({ connection_id: id })).toHaveLength(1);
    qr = () => Promise.resolve({ connected: true });
    expect((await call('GET', 'qr')).json).toEqual({ connected: true });
    expect(await http.db.knex('qr_pictures').where({ connection_id: id })).toEqual([]);
    expect((await row()).probe_due_at).toBeLessThanOrEqual(await http.app.store.now());
  });
});

describe('a pause', () => {
  test('is shown with since and why, told to the workflow, and ended', async () => {
    const { status, json } = await call('POST', 'pause');
    expect([status, json]).toEqual([200, { paused: true, since: expect.any(String) as string }]);
    expect(http.changed.at(-1)).toBe(id);
    const list = await request(`${http.admin}/admin/v1/connections`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    const { connections } = (await list.body.json()) as { connections: { id: string }[] };
    expect(connections.find((one) => one.id === id)).toMatchObject({
      state: 'unverified',
      pausedSince: json['since'],
      reason: 'a person has paused the number',
      next: 'resume it; sending goes on by itself',
    });
    expect((await call('POST', 'resume')).json).toEqual({ paused: false });
    expect(await row()).toMatchObject({ paused_at: null });
    expect((await call('POST', 'pause', 'conn-none')).status).toBe(404);
  });

  test('on the command line', async () => {
    expect(await opsLine(http, `pause --connection ${id}`)).toMatchObject({ code: 0 });
    expect((await row()).paused_at).not.toBeNull();
    expect((await opsLine(http, `resume --connection ${id}`)).out).toContain('resumed');
    expect((await row()).paused_at).toBeNull();
  });
});
