import { DomainError } from '../../src/domain/errors';
import { registerWebhook } from '../../src/commands/registerWebhook';
import { probeNumber } from '../../src/commands/probeNumber';
import { grantOf } from '../store/line';
import { connected, receipt } from '../support/gatewayPosts';
import { ADMIN_TOKEN, startHttpApp, type HttpApp } from '../support/httpApp';
import { opsLine } from '../support/opsLine';

let http: HttpApp;
/** Called whenever the gateway is told an address, before it takes it. */
let onTold: (url: string) => Promise<void>;
let told: string[];

beforeAll(async () => {
  const registerWebhookAt = async (_endpoint: unknown, url: string) => {
    await onTold(url);
    told.push(url);
  };
  http = await startHttpApp({ gateway: { registerWebhook: registerWebhookAt } });
});
afterAll(() => http.close());
beforeEach(() => {
  told = [];
  onTold = () => Promise.resolve();
});

let made = 0;

/** A number of an installed location, whose gateway posts to `secret`. */
async function number() {
  made += 1;
  const locationId = `rotating-${made}`;
  await http.app.store.installations.install({ locationId }, { companyId: null, grant: grantOf() });
  const one = await connected(http, locationId, `INSTANCE-${made}`);
  await http.app.store.connections.recordProbe({ locationId }, one.connectionId, { kind: 'connected' });
  await registerWebhook(http.app, await rowOf(one));
  told = [];
  return one;
}

type Number = Awaited<ReturnType<typeof number>>;
const rowOf = async ({ scope, connectionId }: Number) => (await http.app.store.connections.get(scope, connectionId))!;

async function rotate(id: string, bearer = ADMIN_TOKEN) {
  const headers = { authorization: `Bearer ${bearer}` };
  const answer = await fetch(`${http.admin}/admin/v1/connections/${id}/webhook/rotate`, { method: 'POST', headers });
  const text = await answer.text();
  return { status: answer.status, text, body: JSON.parse(text) as { webhook?: string; next?: string; code?: string } };
}

/** The gateway posts to an address: the status with which it is answered. */
async function posts(secret: string): Promise<number> {
  const url = `${http.ingress}/waapify/webhooks/${secret}`;
  return (await fetch(url, { method: 'POST', body: receipt('NOBODYS', 3) })).status;
}

const secretIn = (url: string | undefined): string => url!.split('/').at(-1)!;
const formerIsOver = () => http.db.knex('connections').update({ webhook_former_until: 1 });

test('the gateway is told a new address; the old one is taken a while longer, then refused', async () => {
  const one = await number();
  const { status, text, body } = await rotate(one.connectionId);
  expect([status, body.webhook]).toEqual([200, 'registered']);
  expect(body.next).toContain('the old one is refused in a minute');
  const secret = secretIn(told[0]);
  expect([await posts(secret), await posts(one.secret)]).toEqual([200, 200]);
  await formerIsOver();
  expect([await posts(secret), await posts(one.secret)]).toEqual([200, 404]);
  expect(text + http.logs()).not.toContain(secret);
  expect(await http.db.knex('audit_log').where({ subject: one.connectionId }).pluck('action')).toEqual(
    expect.arrayContaining(['webhook.rotate', 'webhook.rotated']),
  );
});

test('while the gateway is told, posts to both addresses are taken', async () => {
  const one = await number();
  const during: number[] = [];
  onTold = async (url) => void during.push(await posts(one.secret), await posts(secretIn(url)));
  await rotate(one.connectionId);
  expect(during).toEqual([200, 200]);
});

test('the process dies before the gateway was told: the old address goes on, and the probe loop tells the new one', async () => {
  const one = await number();
  await http.app.store.connections.beginRotation(one.scope, one.connectionId, 'operator');
  expect(await posts(one.secret)).toBe(200);
  await probeNumber(http.app, await rowOf(one));
  expect(told).toHaveLength(1);
  await formerIsOver();
  expect([await posts(secretIn(told[0])), await posts(one.secret)]).toEqual([200, 404]);
});

test('the process dies after the gateway was told: the new address is taken, and stays the one when it is tried again', async () => {
  const one = await number();
  onTold = (url) => Promise.reject(new Error(`died at ${secretIn(url).length}`));
  expect((await rotate(one.connectionId)).body.webhook).toBe('not_registered');
  const secret = http.app.store.connections.webhookSecretOf(await rowOf(one));
  expect([await posts(secret), await posts(one.secret)]).toEqual([200, 200]);
  onTold = () => Promise.resolve();
  expect((await rotate(one.connectionId)).body.webhook).toBe('registered');
  expect(secretIn(told[0])).toBe(secret);
});

test('a gateway that refuses: 200 with its words, the old address is good, and it is told again', async () => {
  const one = await number();
  onTold = () => Promise.reject(new DomainError('gateway_unreachable', 'later', 'The gateway gave no answer.'));
  const { status, body } = await rotate(one.connectionId);
  expect([status, body.webhook]).toEqual([200, 'not_registered']);
  expect(body.next).toContain('The gateway gave no answer. It is told by itself');
  expect(await posts(one.secret)).toBe(200);
  expect((await rowOf(one)).webhook_registered).toBe(0);
});

test('whoever tells the old address at the same moment tells the new one behind it', async () => {
  const one = await number();
  let stale: Promise<unknown> | undefined;
  onTold = async (url) => {
    // The prober tells what it read before; meanwhile an operator begins a change.
    if (secretIn(url) !== one.secret || stale !== undefined) return;
    stale = rotate(one.connectionId);
    await stale;
  };
  await registerWebhook(http.app, await rowOf(one));
  expect(secretIn(told.at(-1))).not.toBe(one.secret);
  expect(secretIn(told.at(-1))).toBe(http.app.store.connections.webhookSecretOf(await rowOf(one)));
  expect((await rowOf(one)).webhook_registered).toBe(1);
});

test('ops says it in words, and what it does not know', async () => {
  const one = await number();
  const { code, out } = await opsLine(http, `webhook:rotate --connection ${one.connectionId}`);
  expect([code, out]).toEqual([0, 'The gateway posts to the new address; the old one is refused in a minute.\n']);
  expect(await opsLine(http, 'webhook:rotate --connection nobody')).toMatchObject({ code: 1 });
  expect(await opsLine(http, 'webhook:rotate')).toMatchObject({ code: 2 });
});

test('without the bearer nothing happens; of nobody: 404', async () => {
  const one = await number();
  expect((await rotate(one.connectionId, 'guessed')).status).toBe(401);
  expect(await rotate('conn-of-nobody')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(told).toEqual([]);
});
