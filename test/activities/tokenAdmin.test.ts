import { DomainError } from '../../src/domain/errors';
import { grantOf } from '../store/line';
import { ADMIN_TOKEN, startHttpApp, type HttpApp } from '../support/httpApp';
import { opsLine } from '../support/opsLine';

const SECRETS = { accessToken: 'access-in-clear', refreshToken: 'refresh-in-clear' };
let http: HttpApp;
let asked: unknown[][];

beforeAll(async () => {
  http = await startHttpApp();
  const grant = { ...grantOf(), ...SECRETS };
  await http.app.store.installations.install({ locationId: 'loc/1' }, { companyId: null, grant });
  http.app.starter.refreshToken = (...what) => Promise.resolve(void asked.push(what));
});
beforeEach(() => {
  asked = [];
});
afterAll(() => http.close());

const audited = () => http.db.knex('audit_log').where({ action: 'token.refresh' });
const post = (id: string) =>
  fetch(`${http.admin}/admin/v1/tokens/${encodeURIComponent(id)}/refresh`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });

test('a renewal is asked for now, audited, and answered with where to watch it; no token is shown', async () => {
  const response = await post('loc/1');
  expect(response.status).toBe(202);
  const body = await response.text();
  expect(JSON.parse(body)).toEqual({ resourceId: 'loc/1', version: 1, workflowId: 'token-refresh:loc%2F1:v1' });
  expect(asked).toEqual([['loc/1', 1, 'now']]);
  expect(await audited()).toMatchObject([{ actor: 'operator', subject: 'loc/1', detail: '{"version":1}' }]);
  for (const secret of Object.values(SECRETS)) expect(body + http.logs()).not.toContain(secret);
});

test('ops says it in words', async () => {
  const { code, out } = await opsLine(http, 'refresh loc/1');
  expect([code, out]).toEqual([
    0,
    'Version 1 of the token of loc/1 is being renewed.\nworkflow: token-refresh:loc%2F1:v1\n',
  ]);
});

test('nobody without a token is asked for', async () => {
  const response = await post('nobody');
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: 'not_found' });
  expect(asked).toEqual([]);
});

test('while Temporal is down the answer is 503 and nothing is written down as done', async () => {
  const before = (await audited()).length;
  const down = new DomainError('temporal_unavailable', 'later', 'Temporal does not answer.', { status: 503 });
  http.app.starter.refreshToken = () => Promise.reject(down);
  expect((await post('loc/1')).status).toBe(503);
  expect(await audited()).toHaveLength(before);
});

test('without the bearer nothing happens', async () => {
  const response = await fetch(`${http.admin}/admin/v1/tokens/loc%2F1/refresh`, { method: 'POST' });
  expect(response.status).toBe(401);
  expect(asked).toEqual([]);
});
