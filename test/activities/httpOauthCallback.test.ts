import { DomainError } from '../../src/domain/errors';
import type { TokenGrant } from '../../src/ghl/oauth';
import { startHttpApp, type HttpApp } from '../support/httpApp';

const CODE = 'the-one-time-code';
const NASTY = '"><script>alert(1)</script>';

let exchange: () => Promise<TokenGrant>;
let exchanged = 0;
let name: string;
let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp({
    ghl: {
      exchangeCode: () => {
        exchanged += 1;
        return exchange();
      },
      getLocation: () => Promise.resolve({ name, country: 'MY', timezone: 'Asia/Kuala_Lumpur' }),
    },
  });
});
afterAll(() => http.close());
beforeEach(() => {
  name = 'Acme';
  exchanged = 0;
  exchange = () =>
    Promise.resolve({
      accessToken: 'a',
      refreshToken: 'r',
      expiresInS: 86_399,
      scope: '',
      userType: 'Location',
      locationId: 'locFromGhl',
    });
});

const refuseWith = (code: string) => () =>
  Promise.reject(new DomainError(code, 'never', 'GHL says no.', { status: 502 }));

async function visit(query: string, method = 'GET') {
  const answer = await fetch(`${http.ingress}/oauth/callback${query}`, { method });
  return { status: answer.status, headers: answer.headers, page: await answer.text() };
}

test('says what was connected and what to do next', async () => {
  const { status, headers, page } = await visit(`?code=${CODE}`);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page).toContain('<h1>Acme is connected</h1>');
  expect(page).toContain('npm run ops -- connect --location locFromGhl');
});

test('the location comes from GHL’s answer, never from the query', async () => {
  const { page } = await visit(`?code=${CODE}&locationId=locOfSomebodyElse`);
  expect(page).not.toContain('locOfSomebodyElse');
  expect(await http.app.store.locations.get({ locationId: 'locOfSomebodyElse' })).toBeNull();
});

test.each([
  ['?error=access_denied', 400, 'cancelled in GHL'],
  ['?error=access_denied&code=x', 400, 'cancelled in GHL'],
  ['?error=server_error', 400, 'reported an error'],
  ['', 400, 'opened without one'],
  ['?code=', 400, 'opened without one'],
  ['?code=a&code=b', 400, 'opened without one'],
  [`?code=${'x'.repeat(2_001)}`, 400, 'opened without one'],
])('without a usable code nothing is exchanged: %s', async (query, status, words) => {
  const answer = await visit(query);
  expect(answer.status).toBe(status);
  expect(answer.page).toContain(words);
  expect(exchanged).toBe(0);
});

test.each([
  ['grant_refused', 400, 'used or too old'],
  ['ghl_client_refused', 500, 'GHL_CLIENT_ID'],
  ['ghl_unavailable', 503, 'Wait a minute'],
  ['location_not_active', 409, 'Ask the agency'],
  ['something_new', 500, 'could not be completed'],
])('says how to mend it: %s', async (code, status, words) => {
  exchange = refuseWith(code);
  const answer = await visit(`?code=${CODE}`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
  expect(answer.page).toContain(words);
});

test('an agency install says what goes on behind the page', async () => {
  exchange = () =>
    Promise.resolve({
      accessToken: 'a',
      refreshToken: 'r',
      expiresInS: 1,
      scope: '',
      userType: 'Company',
      companyId: 'c',
    });
  const { status, page } = await visit(`?code=${CODE}`);
  expect(status).toBe(200);
  expect(page).toContain('The agency is connected');
  expect(page).toContain('one after the other');
});

test('a trouble of ours is a page that tells nothing but a reference', async () => {
  exchange = () => Promise.reject(new Error('connect ECONNREFUSED 10.1.2.3'));
  const { status, headers, page } = await visit(`?code=${CODE}`);
  expect(status).toBe(500);
  expect(page).toContain(headers.get('x-request-id'));
  expect(page).not.toContain('10.1.2.3');
});

test('shows nothing of the query, and what GHL says only as text', async () => {
  name = NASTY;
  const good = await visit(`?code=${CODE}&name=${encodeURIComponent(NASTY)}`);
  const forged = await visit(`?code=${CODE}&state=${encodeURIComponent(NASTY)}`);
  const bad = await visit(`?error=${encodeURIComponent(NASTY)}&error_description=${encodeURIComponent(NASTY)}`);
  for (const { page } of [good, forged, bad]) expect(page).not.toMatch(/<script|alert\(1\)<\/script>/);
  expect(good.page).toContain('&lt;script&gt;');
  expect(bad.page).not.toContain('alert');
});

test('the page runs nothing and is framed by nobody', async () => {
  const policy = (await visit(`?code=${CODE}`)).headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('script-src');
});

test('a link checker’s HEAD does not spend the code', async () => {
  expect((await visit(`?code=${CODE}`, 'HEAD')).status).toBe(405);
  expect(exchanged).toBe(0);
});

test('the code stands in no log line', () => {
  expect(http.logs()).toContain('/oauth/callback');
  expect(http.logs()).not.toContain(CODE);
});
