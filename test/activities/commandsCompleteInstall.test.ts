import { completeInstall } from '../../src/commands/completeInstall';
import { DomainError } from '../../src/domain/errors';
import type { TokenGrant } from '../../src/ghl/oauth';
import { connected } from '../support/gatewayPosts';
import { startHttpApp, type HttpApp } from '../support/httpApp';

const GRANT: TokenGrant = {
  accessToken: 'the-access-token',
  refreshToken: 'the-refresh-token',
  expiresInS: 86_399,
  scope: 'conversations.write',
  userType: 'Location',
  locationId: 'loc1',
  companyId: 'company1',
};

let grant: TokenGrant;
let asked: object[] = [];
let during: () => Promise<void>;
let describe_: () => Promise<{ name: string | null; country: string | null; timezone: string | null }>;
let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp({
    ghl: {
      exchangeCode: async (input) => {
        asked.push(input);
        await during();
        return grant;
      },
      installedLocations: () => Promise.resolve({ locations: [], size: 0, count: 7 }),
      getLocation: () => describe_(),
    },
  });
});
afterAll(() => http.close());
beforeEach(() => {
  grant = GRANT;
  asked = [];
  during = () => Promise.resolve();
  describe_ = () => Promise.resolve({ name: 'Acme', country: 'sg', timezone: 'Asia/Singapore' });
});

test('stores location and tokens, learns its country and time zone, and says its name', async () => {
  expect(await completeInstall(http.app, { code: 'c1' })).toEqual({
    kind: 'location',
    locationId: 'loc1',
    name: 'Acme',
    hasNumber: false,
    tokenKept: false,
  });
  expect(asked).toEqual([
    { code: 'c1', redirectUri: 'https://bridge.example.com/oauth/callback', userType: 'Location' },
  ]);
  expect(await http.app.store.locations.get({ locationId: 'loc1' })).toMatchObject({
    state: 'installed',
    country: 'SG',
    timezone: 'Asia/Singapore',
    company_id: 'company1',
  });
  expect(await http.app.store.tokens.read('loc1')).toMatchObject({ accessToken: 'the-access-token', version: 1 });
  expect(await http.db.knex('audit_log').where({ action: 'location.install' })).toMatchObject([
    { actor: 'oauth', location_id: 'loc1' },
  ]);
});

test('a second installation goes on with the next token version', async () => {
  await completeInstall(http.app, { code: 'c2' });
  expect(await http.app.store.tokens.read('loc1')).toMatchObject({ version: 2 });
});

test.each([
  ['GHL does not answer', () => Promise.reject(new DomainError('ghl_unavailable', 'later', 'GHL gave no answer.'))],
  ['GHL tells nothing', () => Promise.resolve({ name: null, country: null, timezone: null })],
])('is complete without the description of the location: %s', async (_case, answer) => {
  grant = { ...GRANT, locationId: 'loc2' };
  describe_ = answer;
  expect(await completeInstall(http.app, { code: 'c3' })).toMatchObject({ locationId: 'loc2', name: null });
  expect(await http.app.store.locations.get({ locationId: 'loc2' })).toMatchObject({
    state: 'installed',
    country: null,
  });
});

test('a country or time zone that is none is left out', async () => {
  grant = { ...GRANT, locationId: 'loc3' };
  describe_ = () => Promise.resolve({ name: 'X', country: 'Malaysia, truly', timezone: 'x'.repeat(200) });
  await completeInstall(http.app, { code: 'c4' });
  expect(await http.app.store.locations.get({ locationId: 'loc3' })).toMatchObject({ country: null, timezone: null });
});

test.each([
  ['a location without its id', { locationId: undefined }],
  ['a company without its id', { userType: 'Company', companyId: undefined, locationId: 'loc9' }],
] as [string, Partial<TokenGrant>][])('refuses a grant for %s and stores nothing', async (_case, own) => {
  grant = { ...GRANT, ...own };
  await expect(completeInstall(http.app, { code: 'c5' })).rejects.toMatchObject({ code: 'grant_incomplete' });
  expect(await http.app.store.locations.get({ locationId: 'loc9' })).toBeNull();
});

test('an agency is stored as one, its locations are walked behind it, and no location is made of it', async () => {
  grant = { ...GRANT, userType: 'Company', companyId: 'agency1', locationId: undefined };
  expect(await completeInstall(http.app, { code: 'c7' })).toEqual({
    kind: 'company',
    companyId: 'agency1',
    locations: 7,
  });
  expect(http.installing).toContainEqual({ resourceId: 'agency1', kind: 'company' });
  expect(await http.app.store.installations.get('agency1')).toMatchObject({
    ...{ kind: 'company', state: 'installed', walk_skip: 0 },
  });
  expect(await http.app.store.locations.get({ locationId: 'agency1' })).toBeNull();
  expect(await http.app.store.tokens.read('agency1')).toMatchObject({ version: 1 });
});

test('a location that was uninstalled during the exchange is not brought back by it', async () => {
  grant = { ...GRANT, locationId: 'loc8' };
  during = async () => {
    // The next millisecond: an exchange and an event of one moment can not be told apart.
    const before = await http.app.store.now();
    while ((await http.app.store.now()) === before);
    const event = { id: 'u1', type: 'UNINSTALL', locationId: 'loc8', companyId: null, planId: null, at: null };
    await http.app.store.appEvents.apply(event);
  };
  await expect(completeInstall(http.app, { code: 'c8' })).rejects.toMatchObject({ code: 'uninstalled_meanwhile' });
  expect(await http.app.store.tokens.read('loc8')).toBeNull();
});

test('knows a location that has a number, or a token that its company left for it', async () => {
  await connected(http, 'loc1');
  expect(await completeInstall(http.app, { code: 'c6' })).toMatchObject({ hasNumber: true, tokenKept: false });
  grant = { ...GRANT, locationId: 'loc9', companyId: 'company-9' };
  const whom = { approveAll: true, named: [], excluded: [] };
  await http.app.store.externalAuth.keepDefault('company-9', { token: 'gateway-token', ...whom });
  expect(await completeInstall(http.app, { code: 'c9' })).toMatchObject({ hasNumber: false, tokenKept: true });
});

test('tokens are stored sealed and stand in no log line', async () => {
  const stored = JSON.stringify(await http.db.knex('tokens'));
  for (const token of ['the-access-token', 'the-refresh-token']) {
    expect(stored).not.toContain(token);
    expect(http.logs()).not.toContain(token);
  }
});
