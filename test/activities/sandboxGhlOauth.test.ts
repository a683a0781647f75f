import { GHL_FAULTS, startSandboxGhl, type SandboxGhl } from '../../src/sandbox/ghl';
import { call, textAt, type Answered } from '../support/sandboxCalls';
import { startReceiver } from '../support/sandboxReceiver';

const REDIRECT = 'http://127.0.0.1:9/oauth/callback';

let ghl: SandboxGhl;
let now: number;

beforeEach(async () => {
  now = Date.parse('2026-01-01T00:00:00Z');
  ghl = await startSandboxGhl({
    now: () => now,
    locations: [{ id: 'L1' }, { id: 'L2', name: 'Second', country: 'SG', timezone: 'Asia/Singapore' }],
  });
});
afterEach(() => ghl.stop());

function authorize(query: Record<string, string> = {}, path = '/v2/oauth/chooselocation'): Promise<Answered> {
  const all = { response_type: 'code', client_id: ghl.clientId, redirect_uri: REDIRECT, ...query };
  return call('GET', `${ghl.url}${path}?${new URLSearchParams(all).toString()}`);
}

async function codeFor(query: Record<string, string> = {}): Promise<string> {
  const target = new URL((await authorize(query)).headers.get('location') ?? '');
  return target.searchParams.get('code') ?? '';
}

function token(form: Record<string, string>): Promise<Answered> {
  const client = { client_id: ghl.clientId, client_secret: ghl.clientSecret };
  return call('POST', `${ghl.url}/oauth/token`, { version: null, form: { ...client, ...form } });
}

const exchange = (code: string) => token({ grant_type: 'authorization_code', code, user_type: 'Location' });
const refresh = (refreshToken: string) => token({ grant_type: 'refresh_token', refresh_token: refreshToken });
const getLocation = (id: string, accessToken: string) =>
  call('GET', `${ghl.url}/locations/${id}`, { token: accessToken, version: '2021-07-28' });

describe('the authorization page', () => {
  it.each(['/oauth/chooselocation', '/v2/oauth/chooselocation'])('%s says yes and gives state back', async (path) => {
    const answer = await authorize({ state: 'st&te' }, path);
    expect(answer.status).toBe(302);
    const target = new URL(answer.headers.get('location') ?? '');
    expect(target.origin + target.pathname).toBe(REDIRECT);
    expect(target.searchParams.get('state')).toBe('st&te');
  });

  it('loses state where that is switched on', async () => {
    ghl.configure({ returnState: false });
    expect((await authorize({ state: 's' })).headers.get('location')).not.toContain('state=');
  });

  it.each([
    [{ client_id: 'somebody-else' }, 400],
    [{ location_id: 'nowhere' }, 400],
    [{ response_type: 'token' }, 422],
  ])('refuses %j', async (query, status) => {
    expect((await authorize(query)).status).toBe(status);
  });

  it('posts INSTALL before the code is exchanged, where app events have an address', async () => {
    const bridge = await startReceiver();
    const announced = await startSandboxGhl({ webhookUrl: `${bridge.url}/ghl/webhooks` });
    const query = { response_type: 'code', client_id: announced.clientId, redirect_uri: REDIRECT };
    await call('GET', `${announced.url}/oauth/chooselocation?${new URLSearchParams(query).toString()}`);
    const { json } = await bridge.posts.waitFor(() => true);
    expect(json).toMatchObject({ type: 'INSTALL', locationId: 'sbx-location-1', appId: 'sbxapp' });
    await announced.stop();
    await bridge.stop();
  });
});

describe('the token endpoint', () => {
  it('exchanges a code once, for the location that was chosen', async () => {
    const code = await codeFor({ location_id: 'L2', scope: 'locations.readonly' });
    const answer = await exchange(code);
    expect(answer.json).toMatchObject({
      userType: 'Location',
      locationId: 'L2',
      token_type: 'Bearer',
      expires_in: 86_399,
      scope: 'locations.readonly',
    });
    expect(textAt(answer, 'access_token')).toMatch(/^sbx-access-/);
    expect(textAt(answer, 'refresh_token')).toMatch(/^sbx-refresh-/);
    expect((await exchange(code)).status).toBe(400);
  });

  it('refuses JSON, the v3 header, a wrong secret and unknown fields', async () => {
    const url = `${ghl.url}/oauth/token`;
    const json = { client_id: ghl.clientId, client_secret: ghl.clientSecret, grant_type: 'authorization_code' };
    expect((await call('POST', url, { version: null, json })).status).toBe(400);
    expect((await call('POST', url, { version: 'v3', form: json })).status).toBe(422);
    expect((await token({ grant_type: 'refresh_token', client_secret: 'wrong' })).status).toBe(401);
    expect((await token({ grant_type: 'refresh_token', refreshToken: 'x' })).text).toContain(
      'property refreshToken should not exist',
    );
  });

  it('rotates: the same old token answers the same pair for 30 s and is refused afterwards', async () => {
    const first = textAt(await exchange(await codeFor()), 'refresh_token');
    const pair = await refresh(first);
    now += 29_999;
    const again = await refresh(first);
    expect(textAt(again, 'access_token')).toBe(textAt(pair, 'access_token'));
    expect(textAt(again, 'refresh_token')).toBe(textAt(pair, 'refresh_token'));
    now += 1;
    expect((await refresh(first)).status).toBe(400);
    expect((await refresh(textAt(pair, 'refresh_token'))).status).toBe(200);
  });

  it('loses its answer after rotating: within 30 s the old token still brings the pair', async () => {
    const first = textAt(await exchange(await codeFor()), 'refresh_token');
    ghl.fault(GHL_FAULTS.tokenAnswerLost);
    await expect(refresh(first)).rejects.toThrow();
    expect((await refresh(first)).status).toBe(200);
    ghl.configure({ refreshReuseMs: 0 });
    expect((await refresh(first)).status).toBe(400);
  });

  it('answers 400 for a location that is not active, and can do so for one location alone', async () => {
    const one = textAt(await exchange(await codeFor({ location_id: 'L1' })), 'refresh_token');
    const two = textAt(await exchange(await codeFor({ location_id: 'L2' })), 'refresh_token');
    ghl.fault({ ...GHL_FAULTS.locationNotActive, locationId: 'L2' });
    expect((await refresh(one)).status).toBe(200);
    const refused = await refresh(two);
    expect([refused.status, textAt(refused, 'message')]).toEqual([400, 'Location is not active']);
    expect((await refresh(two)).status).toBe(200);
  });

  it('keeps no secret in the journal', async () => {
    await refresh(textAt(await exchange(await codeFor()), 'refresh_token'));
    const journal = JSON.stringify(ghl.journal.entries);
    expect(journal).toContain('/oauth/token');
    expect(journal).not.toMatch(/sbx-(access|refresh|code|secret)-/);
  });
});

describe('access', () => {
  it('lets a token in for its own location, until it expires or is revoked', async () => {
    const accessToken = ghl.issueTokens('L2').accessToken;
    const answer = await getLocation('L2', accessToken);
    expect(answer.json).toMatchObject({ location: { id: 'L2', country: 'SG', timezone: 'Asia/Singapore' } });
    expect((await getLocation('L1', accessToken)).status).toBe(403);
    now += 86_399_000;
    expect((await getLocation('L2', accessToken)).status).toBe(401);
    const next = ghl.issueTokens('L2').accessToken;
    ghl.expireAccessTokens('L2');
    expect((await getLocation('L2', next)).status).toBe(401);
  });

  it('forgets the tokens of a location that is uninstalled, and no other', async () => {
    const [one, two] = [ghl.issueTokens('L1'), ghl.issueTokens('L2')];
    ghl.revokeTokens('L1');
    expect((await getLocation('L1', one.accessToken)).status).toBe(401);
    expect((await refresh(one.refreshToken)).status).toBe(400);
    expect((await getLocation('L2', two.accessToken)).status).toBe(200);
  });

  it('answers 401 without a Version header and for an unknown token', async () => {
    const { accessToken } = ghl.issueTokens('L1');
    const url = `${ghl.url}/locations/L1`;
    expect(await call('GET', url, { token: accessToken, version: null })).toMatchObject({
      status: 401,
      text: expect.stringContaining('version header was not found') as string,
    });
    expect((await call('GET', url, { token: 'sbx-access-guess' })).status).toBe(401);
  });

  it('answers 403 to a token without the scope', async () => {
    const answer = await exchange(await codeFor({ location_id: 'L1', scope: 'contacts.readonly' }));
    expect((await getLocation('L1', textAt(answer, 'access_token'))).status).toBe(403);
  });

  it('gives an agency a company token, "Invalid JWT" on location routes, to be exchanged for a location', async () => {
    const company = await exchange(await codeFor({ company_id: 'sbx-company-1' }));
    expect(company.json).toMatchObject({ userType: 'Company', approvedLocations: ['L1', 'L2'] });
    const companyToken = textAt(company, 'access_token');
    expect(textAt(await getLocation('L1', companyToken), 'message')).toBe('Invalid JWT');
    const installed = `${ghl.url}/oauth/installedLocations?companyId=sbx-company-1&appId=sbxapp&limit=1`;
    expect((await call('GET', installed, { token: companyToken })).json).toMatchObject({
      locations: [{ _id: 'L1' }],
      count: 2,
    });
    const form = { companyId: 'sbx-company-1', locationId: 'L2' };
    const answer = await call('POST', `${ghl.url}/oauth/locationToken`, { token: companyToken, form });
    expect(answer.json).toMatchObject({ userType: 'Location', locationId: 'L2' });
    expect((await getLocation('L2', textAt(answer, 'access_token'))).status).toBe(200);
    const { accessToken } = ghl.issueTokens('L1');
    expect((await call('POST', `${ghl.url}/oauth/locationToken`, { token: accessToken, form })).status).toBe(401);
  });
});
