import fc from 'fast-check';
import {
  KEY,
  NUMBER,
  TOKEN,
  bodyOf,
  fresh,
  heldBy,
  connected,
  startExternalAuthApp,
  type ExternalAuthApp,
} from '../support/externalAuthPosts';
import { opsLine } from '../support/opsLine';

let http: ExternalAuthApp;
beforeAll(async () => {
  http = await startExternalAuthApp();
});
afterAll(() => http.close());
beforeEach(() => {
  http.asked = [];
  http.answer = connected;
});

describe('a company', () => {
  const ops = (line: string) => opsLine(http, line);

  test('several locations: the token is kept, and each connects an instance of its own without it', async () => {
    const companyId = fresh('company');
    const [named, other] = [await http.installed(companyId), await http.installed(companyId)];
    const given = bodyOf({ companyId, locationId: [named, fresh('loc')] });
    for (let n = 0; n < 2; n++)
      expect(await http.post(given)).toMatchObject({ status: 200, body: { state: 'default' } });
    expect(await http.db.knex('audit_log').where({ subject: companyId })).toMatchObject([
      { actor: 'external_auth', action: 'external_auth.default' },
    ]);
    expect(await http.connectionsOf(named)).toEqual([]);
    expect(await ops(`connect --location ${named} --instance ${fresh('OWN')}`)).toMatchObject({ code: 0 });
    expect(await http.tokenOf(named)).toBe(TOKEN);
    expect(await ops(`connect --location ${other} --instance ${fresh('OWN')}`)).toMatchObject({ code: 1 });
  });

  test('all locations: future ones too, but for the excluded', async () => {
    const companyId = fresh('company');
    const excluded = await http.installed(companyId);
    await http.post(bodyOf({ companyId, approveAllLocations: true, excludedLocations: [excluded] }));
    const future = await http.installed(companyId);
    expect(await ops(`connect --location ${future} --instance ${fresh('OWN')}`)).toMatchObject({ code: 0 });
    const refused = await ops(`connect --location ${excluded} --instance ${fresh('OWN')}`);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('left none for it')]);
  });

  test('its token goes to no other gateway', async () => {
    const companyId = fresh('company');
    await http.post(bodyOf({ companyId, approveAllLocations: true }));
    http.asked = [];
    const line = `connect --location ${await http.installed(companyId)} --instance X --base-url https://elsewhere.example/api`;
    expect(await ops(line)).toMatchObject({ code: 1 });
    expect(http.asked).toEqual([]);
  });

  test('one location is named and all are approved: it gets the instance, the company the token', async () => {
    const companyId = fresh('company');
    const [named, other] = [await http.installed(companyId), await http.installed(companyId)];
    const given = bodyOf({ companyId, locationId: [named], approveAllLocations: true });
    expect(await http.post(given)).toMatchObject({ status: 200, body: { state: 'connected' } });
    expect(await http.connectionsOf(named)).toHaveLength(1);
    expect(await http.app.store.externalAuth.defaultOf({ locationId: other })).toMatchObject({ token: TOKEN });
  });

  test('an instance that is taken leaves no token behind', async () => {
    const companyId = fresh('company');
    const given = bodyOf({ locationId: await http.installed() });
    await http.post(given);
    const named = await http.installed(companyId);
    const again = { ...given, companyId, locationId: [named], approveAllLocations: true };
    expect(await http.post(again)).toMatchObject({ status: 409 });
    expect(await http.app.store.externalAuth.defaultOf({ locationId: named })).toBeNull();
  });
});

test('a company that uninstalls takes its token along; reinstalled, GHL brings it anew, and what was connected goes on', async () => {
  const companyId = fresh('company');
  const { store } = http.app;
  const grant = { accessToken: 'a', refreshToken: 'r', expiresInS: 86_399, scope: '' };
  const locationId = await http.installed(companyId);
  await http.post(bodyOf({ companyId, approveAllLocations: true }));
  const { out } = await opsLine(http, `connect --location ${locationId} --instance ${fresh('OWN')}`);
  await store.installations.installCompany(companyId, { grant });
  const at = (await store.now()) + 1;
  const event = { id: fresh('event'), type: 'UNINSTALL', locationId: null, companyId, planId: null, at };
  await store.appEvents.apply(event);
  expect(JSON.stringify(await http.db.knex('external_auth_companies').where({ company_id: companyId }))).toBe('[]');
  await store.installations.installCompany(companyId, { grant });
  await store.installations.install({ locationId }, { companyId, grant });
  const [row] = await http.connectionsOf(locationId);
  expect([row?.['state'], out]).toEqual(['connected', expect.stringContaining(String(row?.['id']))]);
  const line = `connect --location ${locationId} --instance ${fresh('OWN')}`;
  expect(await opsLine(http, line)).toMatchObject({ code: 1 });
  await http.post(bodyOf({ companyId, approveAllLocations: true }));
  expect(await opsLine(http, line)).toMatchObject({ code: 0 });
});

describe('bad posts', () => {
  test('every bad field is named', async () => {
    const { status, body: problem } = await http.post({ locationId: [7.5] });
    const paths = (problem.errors as { path: string }[]).map(({ path }) => path);
    expect([status, paths.sort()]).toEqual([422, ['access_token', 'instance_id', 'locationId.0', 'whatsapp_number']]);
  });

  test('a number that is none: 422, and the gateway is not http.asked', async () => {
    const answer = await http.post(bodyOf({ locationId: 'L', whatsapp_number: 'call me maybe' }));
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'whatsapp_number' }] } });
    expect(http.asked).toEqual([]);
  });

  test('no JSON, and too much of it', async () => {
    expect(await http.postText('{"access_token":')).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    expect(await http.postText(`"${'x'.repeat(300 * 1024)}"`)).toMatchObject({ status: 413 });
  });

  test('GHL posts a form, or lists as its documents print them', async () => {
    const locationId = await http.installed();
    const { access_token: token, instance_id: instance } = bodyOf();
    const form = new URLSearchParams({
      access_token: token,
      instance_id: instance,
      whatsapp_number: NUMBER,
      locationId,
    });
    const answer = await http.postText(form.toString(), 'application/x-www-form-urlencoded');
    expect(answer).toMatchObject({ status: 200, body: { state: 'connected' } });
    const printed = JSON.stringify(bodyOf({ locationId: 'LIST' })).replace('"LIST"', `{"${await http.installed()}"}`);
    expect(await http.postText(printed)).toMatchObject({ status: 200, body: { state: 'connected' } });
  });

  test('whatever is posted, the answer is one of the known ones and repeats no secret', async () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('{"A"}', '{{x}}', 'A,B'));
    const names = ['access_token', 'instance_id', 'whatsapp_number', 'companyId', 'locationId', 'approveAllLocations'];
    const fields = fc.dictionary(fc.constantFrom(...names, 'excludedLocations'), value);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fields,
          fields.map((own) => bodyOf(own)),
          fc.jsonValue(),
        ),
        async (given) => {
          const answer = await http.postText(JSON.stringify(given));
          expect([200, 400, 409, 422]).toContain(answer.status);
          expect(JSON.stringify(answer.body)).not.toContain(TOKEN);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('no token and no number stand in a log line, an audit entry or in clear in the store', async () => {
  await http.post(bodyOf({ locationId: fresh('loc') }));
  await http.post(bodyOf({ locationId: await http.installed() }));
  await http.post(bodyOf({ companyId: fresh('company'), approveAllLocations: true }));
  http.answer = () => heldBy('bad_token', 'reauth');
  await http.post(bodyOf({ locationId: fresh('loc') }));
  const tables = ['audit_log', 'connections', 'external_auth_waiting', 'external_auth_companies'];
  const rows = await Promise.all(tables.map((name) => http.db.knex(name)));
  expect(rows.every((table) => table.length > 0)).toBe(true);
  for (const secret of [TOKEN, KEY, NUMBER.slice(1)]) {
    expect(http.logs()).not.toContain(secret);
    expect(JSON.stringify(rows)).not.toContain(secret);
  }
});
