import type { ProbeResult } from '../../src/channels/gateway';
import { connectNumber, type ConnectNumberInput } from '../../src/commands/connectNumber';
import { hashSecret } from '../../src/crypto/secrets';
import { DomainError } from '../../src/domain/errors';
import { startHttpApp, type HttpApp } from '../support/httpApp';

let probe: ProbeResult;
let register: () => Promise<void>;
let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp({
    gateway: {
      probe: () => Promise.resolve(probe),
      registerWebhook: ({ instanceId }, url) => {
        http.webhooks.push({ instanceId, url });
        return register();
      },
    },
  });
});
afterAll(() => http.close());
beforeEach(() => {
  probe = { kind: 'connected' };
  register = () => Promise.resolve();
});

let made = 0;
const input = (own: Partial<ConnectNumberInput> = {}): ConnectNumberInput => ({
  locationId: `loc${++made}`,
  instanceId: `INSTANCE${made}`,
  token: 'the-gateway-token',
  actor: 'operator',
  ...own,
});
const rowOf = async ({ locationId }: ConnectNumberInput) =>
  await http.db.knex('connections').where({ location_id: locationId }).first<Record<string, unknown> | undefined>();

test('connects a number: stored, asked, told where to post, made known', async () => {
  const wanted = input();
  const connected = await connectNumber(http.app, wanted);
  expect(connected).toMatchObject({ created: true, state: 'connected', webhook: 'registered' });
  const row = await rowOf(wanted);
  expect(row).toMatchObject({
    id: connected.connectionId,
    state: 'connected',
    gateway: 'waapify',
    channel: 'whatsapp',
  });
  const { url } = http.webhooks.find(({ instanceId }) => instanceId === wanted.instanceId)!;
  const [, secret] = /^https:\/\/bridge\.example\.com\/waapify\/webhooks\/([\w-]{43})$/.exec(url) ?? [];
  expect(row?.['webhook_hash']).toBe(hashSecret(secret!));
  expect(http.changed).toContain(connected.connectionId);
  const audit = await http.db.knex('audit_log').where({ subject: connected.connectionId });
  expect(audit).toMatchObject([{ actor: 'operator', action: 'connection.connect', location_id: wanted.locationId }]);
});

test('secrets are stored sealed and stand in no log line', async () => {
  const wanted = input({ number: '+60123456789' });
  await connectNumber(http.app, wanted);
  const row = JSON.stringify(await rowOf(wanted));
  const { url } = http.webhooks.at(-1)!;
  for (const secret of ['the-gateway-token', url.split('/').at(-1)!, '60123456789']) {
    expect(row).not.toContain(secret);
    expect(http.logs()).not.toContain(secret);
  }
});

test('credentials that the gateway refuses: says what to do, stores nothing', async () => {
  probe = { kind: 'held', state: 'reauth', text: 'The access token is not accepted: connect with a valid token.' };
  const wanted = input();
  const refusal = connectNumber(http.app, wanted);
  await expect(refusal).rejects.toMatchObject({ code: 'gateway_refuses', status: 422, retry: 'never' });
  await expect(refusal).rejects.toThrow('access token is not accepted');
  expect(await rowOf(wanted)).toBeUndefined();
});

test('a gateway that can not be reached: unverified, and the answer says so', async () => {
  probe = { kind: 'unreachable', cause: 'refused' };
  const connected = await connectNumber(http.app, input());
  expect(connected).toMatchObject({ created: true, state: 'unverified', webhook: 'not_registered' });
  expect(connected.next).toMatch(/could not be reached.*not been told where to post/);
});

test('a number that is logged out: connected, and the answer names the QR command', async () => {
  probe = { kind: 'held', state: 'relogin', text: 'The session of the number is lost.' };
  const connected = await connectNumber(http.app, input());
  expect(connected).toMatchObject({ state: 'relogin', webhook: 'registered' });
  expect(connected.next).toContain(`npm run ops -- qr --connection ${connected.connectionId}`);
});

test('a webhook address that the gateway refuses is told, with its reason', async () => {
  const message = 'The gateway refuses the webhook address: check that PUBLIC_URL is a public https address.';
  register = () => Promise.reject(new DomainError('webhook_refused', 'never', message, { status: 422 }));
  const connected = await connectNumber(http.app, input());
  expect(connected.webhook).toBe('not_registered');
  expect(connected.next).toContain(message);
});

test('an instance of another location is refused, and its webhooks stay where they go', async () => {
  const first = input();
  await connectNumber(http.app, first);
  const registered = http.webhooks.length;
  const second = input({ instanceId: first.instanceId });
  await expect(connectNumber(http.app, second)).rejects.toMatchObject({ code: 'instance_taken', status: 409 });
  expect(http.webhooks).toHaveLength(registered);
  expect(await rowOf(second)).toBeUndefined();
});

test('the same instance again renews token and webhook address of the same connection', async () => {
  const wanted = input();
  const first = await connectNumber(http.app, wanted);
  const before = await rowOf(wanted);
  const again = await connectNumber(http.app, { ...wanted, token: 'a-new-token' });
  const after = await rowOf(wanted);
  expect(again).toMatchObject({ connectionId: first.connectionId, created: false });
  expect(after?.['webhook_hash']).not.toBe(before?.['webhook_hash']);
  expect(after?.['token_sealed']).not.toBe(before?.['token_sealed']);
});

test('a number that is none is refused before anything is asked', async () => {
  probe = { kind: 'held', state: 'reauth', text: 'never asked' };
  const refusal = connectNumber(http.app, input({ number: 'call me' }));
  await expect(refusal).rejects.toMatchObject({ code: 'number_invalid', status: 422, errors: [{ path: 'number' }] });
  await expect(refusal).rejects.not.toThrow('call me');
});

test('what the gateway says of the number wins over what a person gave', async () => {
  const given = input({ number: '012-345 6789' });
  await connectNumber(http.app, given);
  probe = { kind: 'connected', number: { channel: 'whatsapp', value: '+60123456789' } };
  const told = input({ number: '+6598765432' });
  await connectNumber(http.app, told);
  expect((await rowOf(told))?.['address_key']).toBe((await rowOf(given))?.['address_key']);
});

test('what waited for a number is woken', async () => {
  const scope = { locationId: 'locWaiting' };
  const address = { channel: 'whatsapp', value: '+60123456789' } as const;
  const content = { v: 1, text: 'hi' } as const;
  const ids = { source: 'ghl', sourceKey: 'm1', messageKey: 'm1', ghlMessageId: 'm1', providerId: 'p', contactId: 'c' };
  const parts = [{ kind: 'text', slice: [0, 2] } as const];
  await http.app.store.messages.acceptOutbound(scope, { ...ids, channel: 'whatsapp', address, content, parts });
  // It sleeps until its location has a number.
  await http.db.knex('messages').update({ next_wake_at: Date.now() + 3_600_000 });
  const connected = await connectNumber(http.app, input(scope));
  expect(http.woken.map(({ workflowId }) => workflowId)).toContain('outbound:locWaiting:m1');
  expect(connected.next).toContain('has not installed the app yet');
});
