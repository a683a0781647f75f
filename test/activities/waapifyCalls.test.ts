import type { Address } from '../../src/domain/address';
import { DomainError } from '../../src/domain/errors';
import { createWaapifyAdapter } from '../../src/channels/whatsapp/adapter';
import { startWaapifyHost, type WaapifyHost } from '../support/waapifyHost';

const adapter = createWaapifyAdapter({ timeoutMs: 10_000 });
const PHONE: Address = { channel: 'whatsapp', value: '+60123456789' };
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

let host: WaapifyHost;
beforeEach(async () => (host = await startWaapifyHost()));
afterEach(() => host.close());

const endpoint = (dialect?: 'php-v1' | 'slash-v2') => ({
  connectionId: 'c1',
  baseUrl: host.baseUrl,
  instanceId: '609ACF283ABCD',
  token: 'secret-token',
  dialect,
});
const answerWith = (body: object | string | Buffer, status = 200) =>
  host.answer((response) => {
    response.writeHead(status).end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  });
const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no failure',
    (error: unknown) => error,
  );
const error = (message: string, rest: object = {}) => ({ status: 'error', message, ...rest });

describe('a probe', () => {
  test('of a number that is logged in names it without its device', async () => {
    answerWith({ status: 'success', message: 'Success', data: { id: '60123456789:17@s.whatsapp.net', name: 'Shop' } });
    expect(await adapter.probe(endpoint())).toEqual({ kind: 'connected', number: PHONE });
    expect(host.requests).toMatchObject([{ path: '/api/reconnect.php', params: { instance_id: '609ACF283ABCD' } }]);
  });

  test('without a usable number in it is connected all the same', async () => {
    answerWith({ status: 'success', message: 'Success', data: { id: '2756@lid' } });
    expect(await adapter.probe(endpoint('slash-v2'))).toEqual({ kind: 'connected' });
    expect(host.requests[0]?.path).toBe('/api/reconnect');
  });

  test.each<[string, object, string]>([
    ['a lost session', error('Error', { relogin: true }), 'relogin'],
    ['a lost session beside success', { status: 'success', message: 'Success', relogin: true }, 'relogin'],
    ['a bad token', error('Access token does not exist'), 'reauth'],
    ['a foreign instance', error('Instance ID Invalidated'), 'reauth'],
    ['an instance that was never linked', error('This instance has not been activated yet'), 'relogin'],
    ['an expired plan', error('Your subscription has expired'), 'billing'],
    ['a session that is starting', error('The session could not be found in the system'), 'disconnected'],
    ['a phone that is off', error('Cannot connect to Whatsapp on your phone'), 'disconnected'],
    ['anything new', error('Moon phase mismatch'), 'disconnected'],
  ])('of %s holds the number', async (_what, body, state) => {
    answerWith(body);
    expect(await adapter.probe(endpoint())).toMatchObject({ kind: 'held', state, text: expect.stringMatching(/\.$/) });
  });

  test.each<[string, string | object, number, string]>([
    ['null', 'null', 200, 'null'],
    ['a page', '<html></html>', 200, 'html'],
    ['neither yes nor no', {}, 200, 'unparsable'],
    ['a server error', error('Oops'), 500, 'http_500'],
    ['success behind an error status', { status: 'success' }, 404, 'http_404'],
  ])('that is answered with %s is a miss', async (_what, body, status, cause) => {
    answerWith(body, status);
    expect(await adapter.probe(endpoint())).toEqual({ kind: 'unreachable', cause });
  });

  test('that is not answered is a miss', async () => {
    host.answer(() => undefined);
    const hasty = createWaapifyAdapter({ timeoutMs: 1000 });
    expect(await hasty.probe(endpoint())).toEqual({ kind: 'unreachable', cause: 'timeout' });
    const down = endpoint();
    await host.close();
    expect(await adapter.probe(down)).toEqual({ kind: 'unreachable', cause: 'refused' });
  });
});

describe('a QR code', () => {
  test('comes as a data URL or as bare bytes', async () => {
    answerWith({ status: 'success', message: 'Success', base64: `data:image/png;base64,${PNG.toString('base64')}` });
    expect(await adapter.qr(endpoint())).toEqual({ png: PNG, connected: false });
    answerWith(PNG);
    expect(await adapter.qr(endpoint('slash-v2'))).toEqual({ png: PNG, connected: false });
    expect(host.requests.map((request) => request.path)).toEqual(['/api/getqrcode.php', '/api/get_qrcode']);
  });

  test.each([
    error('Instance ID used'),
    { status: 'success', message: 'It seems that you have logged in successfully' },
  ])('is not there for a number that is linked: %j', async (body) => {
    answerWith(body);
    expect(await adapter.qr(endpoint())).toEqual({ connected: true });
  });

  test.each<[string, object | string, string, string]>([
    ['not ready', error('Cannot get QR Code'), 'qr_not_ready', 'later'],
    ['refused for the token', error('Access token does not exist'), 'bad_token', 'never'],
    ['refused for something new', error('Moon phase mismatch'), 'gateway_error', 'never'],
    ['no answer', 'null', 'gateway_unreachable', 'later'],
    ['success without one', { status: 'success' }, 'gateway_unreachable', 'later'],
  ])('that is %s is an error', async (_what, body, code, retry) => {
    answerWith(body);
    const failure = await failureOf(adapter.qr(endpoint()));
    expect(failure).toBeInstanceOf(DomainError);
    expect(failure).toMatchObject({ code, retry });
  });

  test('fails without a word of what is private', async () => {
    host.answer((response, { params }) => response.end(JSON.stringify(error(Object.values(params).join(' ')))));
    const failure = await failureOf(adapter.qr(endpoint()));
    expect(failure).toMatchObject({ code: 'gateway_error', message: expect.not.stringMatching(/secret-token|609ACF/) });
    expect(failure).not.toHaveProperty('cause');
  });
});

describe('the webhook address', () => {
  const url = 'https://bridge.example/waapify/webhooks/s3cret';

  test('is set with the exact word that enables it', async () => {
    answerWith({ status: 'success', message: 'Webhook URI Saved' });
    await adapter.registerWebhook(endpoint(), url);
    await adapter.registerWebhook(endpoint('slash-v2'), url);
    expect(host.requests).toMatchObject([
      { path: '/api/setwebhook.php', params: { webhook_url: url, enable: 'true', instance_id: '609ACF283ABCD' } },
      { path: '/api/set_webhook' },
    ]);
  });

  test.each<[object | string, string, string]>([
    [error('Webhook URL is not a valid URL'), 'webhook_refused', 'never'],
    ['null', 'gateway_unreachable', 'later'],
    [{}, 'gateway_unreachable', 'later'],
  ])('is not set by the answer %j', async (body, code, retry) => {
    answerWith(body);
    expect(await failureOf(adapter.registerWebhook(endpoint(), url))).toMatchObject({ code, retry });
  });
});

describe('the check of a number', () => {
  const check = (timeoutMs = 10_000) => adapter.checkNumber!(endpoint(), PHONE, timeoutMs);

  test('names the account and its hidden identity', async () => {
    const account = { jid: '60123456789@s.whatsapp.net', exists: true, lid: '275612345678901@lid' };
    answerWith({ Status: 'success', Message: 'available', Number: '60123456789', Data: [account] });
    expect(await check()).toEqual({ kind: 'known', exists: true, number: PHONE, lid: '275612345678901@lid' });
    expect(host.requests).toMatchObject([
      { path: '/api/send.php', params: { type: 'check_phone', number: '60123456789' } },
    ]);
  });

  test.each([
    { Status: 'success', Data: [] },
    { Status: 'success', Data: [{ exists: false }] },
  ])('says that there is none: %j', async (body) => {
    answerWith(body);
    expect(await check()).toEqual({ kind: 'known', exists: false });
  });

  test.each<[object | string, number]>([
    [error('Relogin required'), 200],
    ['null', 200],
    [{ Status: 'success' }, 200],
    [{ Status: 'success', Data: [{}] }, 200],
    [{ Status: 'success', Data: [] }, 500],
  ])('knows nothing from %j (%i)', async (body, status) => {
    answerWith(body, status);
    expect(await check()).toEqual({ kind: 'unknown' });
  });

  test('knows nothing after its own, shorter time', async () => {
    host.answer(() => undefined);
    expect(await check(100)).toEqual({ kind: 'unknown' });
  });
});

test('the adapter says what the gateway can do', () => {
  expect(adapter).toMatchObject({
    name: 'waapify',
    channel: 'whatsapp',
    capabilities: { idempotencyKey: false, lookup: false, echo: true, receipts: true, numberCheck: true, paced: true },
  });
  expect(adapter.parseWebhook({ instanceId: 'X' }, Buffer.from('?'))).toEqual([{ kind: 'junk', why: 'not JSON' }]);
});
