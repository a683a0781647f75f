import { ADMIN_TOKEN, startHttpApp, type HttpApp } from '../support/httpApp';
import { opsLine } from '../support/opsLine';

let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp();
  const grant = { accessToken: 'a', refreshToken: 'r', expiresInS: 86_399, scope: '' };
  const { installations } = http.app.store;
  await installations.installCompany('agency', { grant });
  const locations = ['l1', 'l2'].map((locationId) => ({ locationId, name: `Shop ${locationId}`, installedAt: null }));
  await installations.recordPage('agency', { skip: 0, locations, size: 2, count: 150, begunAt: 1 });
  await installations.installFromCompany({ locationId: 'l1' }, { companyId: 'agency', grant });
  await installations.install({ locationId: 'own' }, { companyId: null, grant });
});
afterAll(() => http.close());

const reconcile = async (body: object) => {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' };
  const url = `${http.admin}/admin/v1/installations/reconcile`;
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, json: await answer.json() };
};

test('the list shows names, companies, and how far the walk of a company has come', async () => {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const answer = await fetch(`${http.admin}/admin/v1/installations`, { headers });
  const { installations } = (await answer.json()) as { installations: { resourceId: string }[] };
  expect(installations).toMatchObject([
    {
      ...{ resourceId: 'agency', kind: 'company', state: 'installed', locations: { known: 2, connected: 1 } },
      reason: 'its locations are being looked through: 2 of 150',
    },
    { resourceId: 'l1', state: 'installed', name: 'Shop l1', companyId: 'agency' },
    { resourceId: 'l2', state: 'pending' },
    { resourceId: 'own', state: 'installed' },
  ]);
});

test('ops installations shows it to a person', async () => {
  const { code, out } = await opsLine(http, 'installations');
  expect(code).toBe(0);
  expect(out).toMatch(/agency\s+company\s+installed.*1 of 2 connected; its locations are being looked through/);
  expect(out).toMatch(/l1\s+location\s+installed .* Shop l1$/m);
});

test.each([
  [{}, 202, { marked: 2 }],
  [{ companyId: 'agency' }, 202, { marked: 1 }],
  [{ locationId: 'own' }, 202, { marked: 1 }],
  [{ locationId: 'nobody' }, 404, { code: 'not_found' }],
  [{ locationId: 'own', companyId: 'agency' }, 422, { code: 'invalid_input' }],
  [{ location: 'own' }, 422, { code: 'invalid_input' }],
])('reconcile %j answers %i', async (body, status, json) => {
  expect(await reconcile(body)).toMatchObject({ status, json });
});

test('ops reconcile tells the workflow, and stands in the audit log', async () => {
  http.installing.length = 0;
  const { code, out } = await opsLine(http, 'reconcile --company agency');
  expect([code, out]).toEqual([0, expect.stringContaining('1 are looked at again') as string]);
  expect(http.installing).toEqual([{ resourceId: 'agency', kind: 'company' }]);
  const entries = await http.db.knex('audit_log').where({ action: 'installations.reconcile', subject: 'agency' });
  expect(entries.length).toBeGreaterThan(0);
  expect(entries.at(-1)).toMatchObject({ actor: 'operator' });
});

test('ops reconcile of both is a mistake at the command line', async () => {
  expect((await opsLine(http, 'reconcile --company a --location b')).code).toBe(2);
});
