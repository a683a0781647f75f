import type { ProbeResult } from '../../src/channels/gateway';
import { checkCredentials } from '../../src/commands/externalAuthCheck';
import {
  NUMBER,
  TOKEN,
  bodyOf,
  fresh,
  heldBy,
  connected,
  startExternalAuthApp,
  type ExternalAuthApp,
} from '../support/externalAuthPosts';

let http: ExternalAuthApp;
beforeAll(async () => {
  http = await startExternalAuthApp();
});
afterAll(() => http.close());
beforeEach(() => {
  http.asked = [];
  http.answer = connected;
});

describe('one installed location', () => {
  test('good credentials: 200, connected, told where to post', async () => {
    const locationId = await http.installed();
    const given = bodyOf({ locationId: [locationId] });
    expect(await http.post(given)).toMatchObject({ status: 200, body: { accepted: true, state: 'connected' } });
    expect(await http.connectionsOf(locationId)).toMatchObject([
      { state: 'connected', instance_id: given.instance_id },
    ]);
    expect(http.webhooks.map(({ instanceId }) => instanceId)).toContain(given.instance_id);
    expect(await http.auditOf(locationId)).toContain('connection.connect');
  });

  test('the same again changes nothing', async () => {
    const locationId = await http.installed();
    const given = bodyOf({ locationId });
    const first = await http.post(given);
    const before = await http.connectionsOf(locationId);
    const [audit, webhooks] = [await http.auditOf(locationId), http.webhooks.length];
    expect(await http.post(given)).toMatchObject({ status: 200, body: first.body });
    const after = await http.connectionsOf(locationId);
    expect(after).toEqual([{ ...before[0], probe_due_at: expect.any(Number) }]);
    expect([await http.auditOf(locationId), http.webhooks.length]).toEqual([audit, webhooks]);
  });

  test('another token is taken, and tells the state of the number anew', async () => {
    const locationId = await http.installed();
    const given = bodyOf({ locationId });
    http.answer = () => heldBy('logged_out', 'relogin');
    expect(await http.post(given)).toMatchObject({ status: 200, body: { state: 'relogin' } });
    http.answer = () => ({ kind: 'connected' });
    expect(await http.post(given)).toMatchObject({ status: 200, body: { state: 'connected' } });
    await http.post({ ...given, access_token: 'another-token' });
    const [, ...others] = await http.connectionsOf(locationId);
    expect(await http.tokenOf(locationId)).toBe('another-token');
    expect(others).toEqual([]);
  });

  test('a number that is logged out: 200, held, and what to do next', async () => {
    const locationId = await http.installed();
    http.answer = () => heldBy('logged_out', 'relogin');
    const { status, body: answer } = await http.post(bodyOf({ locationId }));
    expect([status, answer.state]).toEqual([200, 'relogin']);
    expect(answer.next).toContain(`Scan its QR code: npm run ops -- qr --connection ${String(answer.connectionId)}`);
  });

  test('a gateway that can not be reached: 200, unverified, checked later', async () => {
    const locationId = await http.installed();
    http.answer = () => ({ kind: 'unreachable', cause: 'refused' });
    const given = bodyOf({ locationId });
    expect(await http.post(given)).toMatchObject({ status: 200, body: { state: 'unverified' } });
    const [row] = await http.connectionsOf(locationId);
    expect(row).toMatchObject({ state: 'unverified', webhook_registered: 0 });
    expect(await http.post(given)).toMatchObject({ status: 200, body: { state: 'unverified' } });
    expect((await http.connectionsOf(locationId))[0]).toEqual(row);
  });

  test.each([
    ['bad_token', 'access_token', /does not know this access token/],
    ['bad_instance', 'instance_id', /does not know this instance id/],
    ['account_missing', 'instance_id', /no account for this instance id/],
  ])('refused by the gateway as %s: 401 that names %s, nothing stored', async (code, path, words) => {
    const locationId = await http.installed();
    http.answer = () => heldBy(code, 'reauth');
    const answer = await http.post(bodyOf({ locationId }));
    expect(answer).toMatchObject({ status: 401, body: { code: 'credentials_refused', errors: [{ path }] } });
    expect(answer.body.detail).toMatch(words);
    expect(await http.connectionsOf(locationId)).toEqual([]);
  });

  test('another number than the one that is logged in: 422 that names the field, nothing stored', async () => {
    const locationId = await http.installed();
    const answer = await http.post(bodyOf({ locationId, whatsapp_number: '+60129999999' }));
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'whatsapp_number' }] } });
    expect(await http.connectionsOf(locationId)).toEqual([]);
  });

  test.each([
    ['in its own country', '011-000 0001', NUMBER],
    ['Brazilian, from before the ninth digit', '+55 11 91234-5678', '+551112345678'],
    ['Mexican, with its old 1', '+52 55 1234 5678', '+5215512345678'],
  ])('the number as a person writes it: %s', async (_case, written, known) => {
    http.answer = () => ({ kind: 'connected', number: { channel: 'whatsapp', value: known } });
    const locationId = await http.installed();
    expect(await http.post(bodyOf({ locationId, whatsapp_number: written }))).toMatchObject({ status: 200 });
  });

  test('an instance of another location: 409 with a sentence, nothing stored', async () => {
    const given = bodyOf({ locationId: await http.installed() });
    await http.post(given);
    const second = await http.installed();
    const answer = await http.post({ ...given, locationId: second });
    expect(answer).toMatchObject({ status: 409, body: { code: 'instance_taken' } });
    expect(answer.body.detail).toMatch(/belongs to another location. Use an instance of its own/);
    expect(await http.connectionsOf(second)).toEqual([]);
  });
});

describe('the dialect of the gateway', () => {
  const NO_PATH: ProbeResult = { kind: 'unreachable', cause: 'html' };

  test('a host without the older paths is http.asked in the younger dialect, and connected in it', async () => {
    const locationId = await http.installed();
    http.answer = ({ dialect }) => (dialect === 'slash-v2' ? { kind: 'connected' } : NO_PATH);
    expect(await http.post(bodyOf({ locationId }))).toMatchObject({ status: 200, body: { state: 'connected' } });
    expect(http.asked.map(({ dialect }) => dialect)).toEqual([undefined, 'slash-v2']);
    expect(await http.connectionsOf(locationId)).toMatchObject([{ dialect: 'slash-v2' }]);
  });

  test('a wrong token is found in the younger dialect too', async () => {
    http.answer = ({ dialect }) => (dialect === 'slash-v2' ? heldBy('bad_token', 'reauth') : NO_PATH);
    expect(await http.post(bodyOf({ locationId: await http.installed() }))).toMatchObject({ status: 401 });
  });

  test('a host that is down is http.asked once', async () => {
    http.answer = () => ({ kind: 'unreachable', cause: 'refused' });
    await http.post(bodyOf({ locationId: await http.installed() }));
    expect(http.asked).toHaveLength(1);
  });

  test('a gateway that thinks for too long can not be reached', async () => {
    http.answer = () => new Promise(() => undefined);
    const fields = { accessToken: TOKEN, instanceId: 'I', number: NUMBER };
    const checked = await checkCredentials(http.app, fields, 'MY', 20);
    expect(checked).toMatchObject({ probe: { kind: 'unreachable', cause: 'timeout' }, number: { value: NUMBER } });
  });
});

describe('a location that is not installed yet', () => {
  test('200, kept, once in the audit log; connected when its token comes', async () => {
    const locationId = fresh('loc');
    const given = bodyOf({ locationId: [locationId] });
    for (let n = 0; n < 2; n++) expect(await http.post(given)).toMatchObject({ status: 200, body: { state: 'kept' } });
    expect(await http.auditOf(locationId)).toEqual(['external_auth.keep']);
    expect(await http.connectionsOf(locationId)).toEqual([]);
    const grant = { accessToken: 'a', refreshToken: 'r', expiresInS: 1, scope: '' };
    await http.app.store.installations.install({ locationId }, { companyId: null, grant });
    expect(await http.connectionsOf(locationId)).toMatchObject([
      { state: 'unverified', instance_id: given.instance_id },
    ]);
  });

  test('is told what to do about its number already', async () => {
    http.answer = () => heldBy('logged_out', 'relogin');
    const { body: loggedOut } = await http.post(bodyOf({ locationId: fresh('loc') }));
    expect(loggedOut.next).toMatch(/^What the operator does about logged_out\. The number is connected by itself/);
    http.answer = () => ({ kind: 'unreachable', cause: 'refused' });
    const { body: unreachable } = await http.post(bodyOf({ locationId: fresh('loc') }));
    expect(unreachable.next).toMatch(/^The gateway could not be reached.* The number is connected by itself/);
  });
});
