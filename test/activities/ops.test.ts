import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '../../src/domain/errors';
import { deliveryBody, postDelivery, PRIVATE } from '../support/deliveryPost';
import { ADMIN_TOKEN, startHttpApp, type HttpApp } from '../support/httpApp';
import { opsLine, type OpsTold } from '../support/opsLine';

const TOKEN = 'the-gateway-token';
const NOBODY = { ADMIN_PORT: '1', ADMIN_TOKEN };

let temporal = { ok: true, commands: [] as string[] };
let http: HttpApp;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-ops-'));
  http = await startHttpApp({ probes: { temporalCheck: () => Promise.resolve(temporal) } });
});
afterAll(async () => {
  await http.close();
  rmSync(folder, { recursive: true });
});

const ops = (line: string, told?: OpsTold) => opsLine(http, line, told);

describe('the command line', () => {
  test('--help lists every command', async () => {
    const { code, out } = await ops('--help');
    expect(code).toBe(0);
    for (const name of ['connect', 'qr', 'connections', 'installations', 'messages', 'temporal:check', 'keys:rotate']) {
      expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    }
  });

  test.each(['frobnicate', 'connect', 'connect --location l', 'qr', 'messages show onlyOne', 'connections --jsn'])(
    'a wrong command line is told and ends with 2: %s',
    async (line) => {
      const { code, err } = await ops(line);
      expect(code).toBe(2);
      expect(err).toMatch(/error:/);
    },
  );
});

describe('connect', () => {
  const LINE = 'connect --location loc1 --instance INSTANCE1';

  test('connects a number with a token from a file and says what is next', async () => {
    const file = join(folder, 'token');
    writeFileSync(file, `${TOKEN}\n`);
    const { code, out } = await ops(`${LINE} --token-file ${file} --number +60123456789`);
    expect(code).toBe(0);
    expect(out).toMatch(/^conn-\w+ is connected to the location \(state: connected\)\./);
    const [row] = await http.app.store.connections.list();
    expect(http.app.store.connections.endpointOf(row!).token).toBe(TOKEN);
  });

  test('again renews it; --json prints the answer', async () => {
    const { code, out } = await ops(`--json ${LINE} --token ${TOKEN}`);
    expect([code, JSON.parse(out)]).toMatchObject([0, { created: false, state: 'connected' }]);
    expect((await ops(`${LINE} --token ${TOKEN}`)).out).toContain('was connected before');
  });

  test.each([
    ['two tokens', `${LINE} --token a --token-file b`, /cannot be used with/],
    ['a file that is not there', `${LINE} --token-file /nonexistent/token`, /ENOENT/],
  ])('takes one token: %s', async (_case, line, words) => {
    const { code, err } = await ops(line);
    expect(code).toBe(2);
    expect(err).toMatch(words);
  });

  test('needs a token where the company of the location left none', async () => {
    const { code, err } = await ops(LINE);
    expect(code).toBe(1);
    expect(err).toMatch(/--token-file FILE/);
  });

  test('says every bad field', async () => {
    const { code, err } = await ops(`connect --location ${'x'.repeat(191)} --instance I --token t --base-url ftp://x`);
    expect(code).toBe(1);
    expect(err).toMatch(/locationId: must be at most[\s\S]*baseUrl: must be a web address/);
  });
});

describe('lists', () => {
  test('connections and installations as tables', async () => {
    const grant = { accessToken: 'a', refreshToken: 'r', expiresInS: 1, scope: '' };
    await http.app.store.installations.install({ locationId: 'loc1' }, { companyId: null, grant });
    const connections = await ops('connections');
    expect(connections.out).toMatch(/^CONNECTION +LOCATION +STATE +SINCE +WAITING +NEXT\nconn-\w+ +loc1 +connected /);
    const installations = await ops('installations');
    expect(installations.out).toMatch(/^RESOURCE +KIND +STATE +SINCE +REASON +NAME\nloc1 +location +installed /);
  });

  test('--json prints the answer as it is', async () => {
    const { out } = await ops('connections --json');
    expect(JSON.parse(out)).toMatchObject({ connections: [{ locationId: 'loc1', state: 'connected', waiting: 0 }] });
  });
});

describe('messages', () => {
  test('shows one, cancels it, and says why it can not be cancelled twice', async () => {
    await postDelivery(http, deliveryBody({ locationId: 'locMessages', messageId: 'm:1/x' }));
    const shown = await ops('messages show locMessages m:1/x');
    expect(shown.out).toMatch(
      /^accepted \(not_installed\)\n.*looked at again at .*\n {2}attempt 1, part 1: unsent\nworkflow: outbound:locMessages:/,
    );
    expect(await ops('messages cancel locMessages m:1/x')).toMatchObject({
      code: 0,
      out: 'The message is cancelled.\n',
    });
    const again = await ops('messages cancel locMessages m:1/x');
    expect(again.code).toBe(1);
    expect(again.err).toContain('present state: cancelled');
    for (const value of Object.values(PRIVATE)) expect(shown.out).not.toContain(value);
  });

  test('sends one again that has failed, shows its attempts, and says why it can not be sent twice', async () => {
    const scope = { locationId: 'locResend' };
    await postDelivery(http, deliveryBody({ ...scope, messageId: 'm:2/x' }));
    const { message } = (await http.app.store.messages.findByKey(scope, 'm:2/x'))!;
    await http.app.store.messages.failPreparation(scope, message.id, { reason: 'media_unusable', text: 'Gone.' });
    expect(await ops('messages resend locResend m:2/x')).toMatchObject({
      code: 0,
      out: 'It is sent again, as attempt 2.\n',
    });
    const shown = await ops('messages show locResend m:2/x');
    expect(shown.out).toMatch(/attempt 1, part 1: failed\n {2}attempt 2, part 1: unsent\nworkflow: \S+:r2\n/);
    const again = await ops('messages resend locResend m:2/x');
    expect(again.code).toBe(1);
    expect(again.err).toContain('present state: accepted');
  });

  test('one that is not there', async () => {
    expect(await ops('messages show loc1 nope')).toMatchObject({ code: 1, err: 'There is no such message.\n' });
  });
});

describe('maintenance', () => {
  test('temporal:check prints the commands and fails where something is missing', async () => {
    expect(await ops('temporal:check')).toMatchObject({ code: 0 });
    temporal = { ok: false, commands: ['temporal operator one', 'temporal operator two'] };
    const { code, out } = await ops('temporal:check');
    expect(code).toBe(1);
    expect(out).toContain('temporal operator one\ntemporal operator two\n');
  });

  test('keys:rotate says how many values were sealed anew', async () => {
    expect(await ops('keys:rotate')).toMatchObject({ code: 0, out: expect.stringContaining('already') as string });
  });
});

describe('which bridge', () => {
  test('with none running it opens the store itself, and closes it again', async () => {
    let closed = 0;
    const close = () => Promise.resolve(void (closed += 1));
    const openLocal = () => Promise.resolve({ address: http.admin, token: ADMIN_TOKEN, close });
    const { code, out } = await ops('installations', { env: NOBODY, openLocal });
    expect([code, closed]).toEqual([0, 1]);
    expect(out).toContain('loc1');
    expect(await ops('messages show loc1 nope', { env: NOBODY, openLocal })).toMatchObject({ code: 1 });
    expect(closed).toBe(2);
  });

  test('says why neither is to be had', async () => {
    const inUse = new DomainError('store_in_use', 'never', 'Another process uses the SQLite store.');
    const { code, err } = await ops('connections', { env: NOBODY, openLocal: () => Promise.reject(inUse) });
    expect(code).toBe(3);
    expect(err).toMatch(/No bridge answers at http:\/\/127\.0\.0\.1:1[\s\S]*Another process uses[\s\S]*ADMIN_PORT/);
  });

  test('a driver’s error is not repeated: it may hold the password', async () => {
    const openLocal = () => Promise.reject(new Error('mysql://root:hunter2@db refused'));
    const { code, err } = await ops('connections', { env: NOBODY, openLocal });
    expect(code).toBe(3);
    expect(err).not.toContain('hunter2');
  });

  test('reads only the ADMIN settings, and says which is missing', async () => {
    const { code, err } = await ops('connections', { env: {} });
    expect(code).toBe(2);
    expect(err).toContain('ADMIN_TOKEN');
    expect(err).not.toContain('GHL_CLIENT_ID');
  });

  test('in the sandbox it knows the token, and makes no key', async () => {
    const { err } = await ops('connections', { env: { BRIDGE_SANDBOX: '1', ADMIN_PORT: new URL(http.admin).port } });
    expect(err).toContain('does not take this ADMIN_TOKEN');
  });

  test('finds a listener that binds all interfaces', async () => {
    const env = { ADMIN_HOST: '0.0.0.0', ADMIN_PORT: new URL(http.admin).port, ADMIN_TOKEN };
    expect((await ops('connections', { env })).code).toBe(0);
  });

  test('what answers may be no bridge', async () => {
    const env = { ADMIN_PORT: new URL(http.ingress).port, ADMIN_TOKEN };
    expect(await ops('temporal:check', { env })).toMatchObject({ code: 1 });
  });
});
