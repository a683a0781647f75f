import { advanceCompany } from '../../activities/installationCompany';
import { advanceLocation } from '../../activities/installationLocation';
import type { ActivityDeps } from '../../activities/deps';
import { createTokenProofs } from '../../activities/tokenProofs';
import { DomainError } from '../../src/domain/errors';
import type { GhlClient } from '../../src/ghl/client';
import type { LocationGrant } from '../../src/ghl/oauth';
import { sweep } from '../../src/loops/sweeper';
import { startHttpApp, type HttpApp } from '../support/httpApp';
import { fresh, grantOf } from '../store/line';

const COMPANY = 'company-1';

let http: HttpApp;
let deps: ActivityDeps;
/** Played by each case: what GHL answers. */
let ghl: Partial<GhlClient>;
let refreshed: string[];

beforeEach(async () => {
  ghl = {};
  refreshed = [];
  http = await startHttpApp();
  const starter = { ...http.app.starter, refreshToken: (id: string) => Promise.resolve(void refreshed.push(id)) };
  const played = new Proxy({} as GhlClient, { get: (_target, name) => Reflect.get(ghl, name) as unknown });
  const app = { ...http.app, ghl: played, starter };
  deps = { app, proofs: createTokenProofs() } as unknown as ActivityDeps;
});
afterEach(() => http.close());

const refuse = (code: string, more: { retryAfterMs?: number; benign?: boolean } = {}) =>
  Promise.reject(new DomainError(code, 'later', 'GHL says no.', more));
const minted = (locationId: string): Promise<LocationGrant> =>
  Promise.resolve({ ...grantOf(), userType: 'Location', locationId, companyId: COMPANY });
const stateOf = async (id: string): Promise<string | undefined> => (await http.app.store.installations.get(id))?.state;
const storedAs = async (id: string): Promise<string | null> =>
  (await http.app.store.tokens.read(id))?.accessToken ?? null;

async function withCompany(): Promise<void> {
  await http.app.store.installations.installCompany(COMPANY, { grant: grantOf() });
}

async function announced(companyId: string | null = COMPANY): Promise<string> {
  const locationId = fresh('location');
  const event = { id: fresh('event'), type: 'INSTALL', locationId, companyId, planId: null, at: null };
  await http.app.store.appEvents.apply(event);
  return locationId;
}

test('a location that its company has installed gets its tokens, then its name', async () => {
  await withCompany();
  const locationId = await announced();
  ghl = {
    locationToken: (_token, input) => minted(input.locationId),
    getLocation: () => Promise.resolve({ name: 'Shop', country: 'SG', timezone: null }),
  };
  expect(await advanceLocation(deps, locationId)).toMatchObject({ state: 'installed', ms: 0 });
  expect(await storedAs(locationId)).not.toBeNull();
  expect(await advanceLocation(deps, locationId)).toMatchObject({ state: 'installed', ms: null });
  expect(await http.app.store.installations.get(locationId)).toMatchObject({ name: 'Shop' });
});

test('without a company there is nothing to do but to wait for the browser', async () => {
  expect(await advanceLocation(deps, await announced(null))).toEqual({ state: 'pending', ms: null, reason: null });
});

test('a grant that GHL refuses is asked for again, later and later, and says so', async () => {
  await withCompany();
  const locationId = await announced();
  ghl = { locationToken: () => refuse('grant_refused') };
  expect(await advanceLocation(deps, locationId)).toEqual({ state: 'pending', ms: 10_000, reason: 'grant_refused' });
  expect(await stateOf(locationId)).toBe('pending');
});

test('a location that is not active is suspended for a day', async () => {
  await withCompany();
  const locationId = await announced();
  ghl = { locationToken: () => refuse('location_not_active', { retryAfterMs: 86_400_000 }) };
  const step = await advanceLocation(deps, locationId);
  expect(step).toMatchObject({ state: 'suspended', reason: 'location_not_active' });
  expect(step.ms).toBeGreaterThan(86_300_000);
});

test('a refusal that comes after an UNINSTALL leaves it uninstalled, and what waited is cleared away', async () => {
  await withCompany();
  const locationId = await announced();
  ghl = {
    locationToken: async () => {
      const later = (await http.app.store.now()) + 1_000;
      const event = { id: fresh('event'), type: 'UNINSTALL', locationId, companyId: null, planId: null, at: later };
      await http.app.store.appEvents.apply(event);
      return await refuse('location_not_active', { retryAfterMs: 86_400_000 });
    },
  };
  expect(await advanceLocation(deps, locationId)).toEqual({ state: 'uninstalled', ms: 0, reason: null });
});

test("a company's refused token is renewed, and the step comes again", async () => {
  await withCompany();
  const locationId = await announced();
  ghl = { locationToken: () => refuse('ghl_unauthorized') };
  expect(await advanceLocation(deps, locationId)).toMatchObject({ state: 'pending', reason: 'token_refreshing' });
  expect(refreshed).toEqual([COMPANY]);
});

test('tokens that come for a location which was uninstalled meanwhile are dropped', async () => {
  await withCompany();
  const locationId = await announced();
  ghl = {
    locationToken: async (_token, input) => {
      const later = (await http.app.store.now()) + 1_000;
      const event = { id: fresh('event'), type: 'UNINSTALL', locationId, companyId: null, planId: null, at: later };
      await http.app.store.appEvents.apply(event);
      return await minted(input.locationId);
    },
  };
  expect(await advanceLocation(deps, locationId)).toMatchObject({ state: 'uninstalled', ms: 0 });
  expect(await storedAs(locationId)).toBeNull();
});

test('a location that never says what it is called is asked five times, and works', async () => {
  const locationId = fresh('location');
  await http.app.store.installations.install({ locationId }, { companyId: null, grant: grantOf() });
  let asked = 0;
  ghl = {
    getLocation: () => {
      asked += 1;
      return refuse('ghl_forbidden');
    },
  };
  for (let n = 0; n < 8; n++) {
    await advanceLocation(deps, locationId);
    await http.db.knex('installations').where({ resource_id: locationId }).whereNotNull('due_at').update({ due_at: 0 });
  }
  expect([asked, await stateOf(locationId)]).toEqual([5, 'installed']);
});

test("once the company's budget is spent nobody else of it asks GHL", async () => {
  await withCompany();
  await announced();
  await announced();
  let asked = 0;
  ghl = {
    installedLocations: () => Promise.resolve({ locations: [], size: 0, count: 0 }),
    locationToken: () => {
      asked += 1;
      return refuse('ghl_budget', { retryAfterMs: 4_000, benign: true });
    },
  };
  expect(await advanceCompany(deps, COMPANY)).toMatchObject({ state: 'installed', ms: 0 });
  const step = await advanceCompany(deps, COMPANY);
  expect([step, asked]).toEqual([{ state: 'installed', ms: 4_000, reason: 'ghl_budget' }, 1]);
});

test('a page that GHL could not give is asked for again at the same place', async () => {
  await withCompany();
  ghl = { installedLocations: () => refuse('ghl_unavailable') };
  expect(await advanceCompany(deps, COMPANY)).toMatchObject({ ms: 10_000, reason: 'ghl_unavailable' });
  expect(await http.app.store.installations.get(COMPANY)).toMatchObject({ walk_skip: 0 });
});

test('of a resource that nobody knows there is nothing to do', async () => {
  const nothing = { state: 'unknown', ms: null, reason: null };
  expect(await advanceLocation(deps, 'nobody')).toEqual(nothing);
  expect(await advanceCompany(deps, 'nobody')).toEqual(nothing);
});

test('what was marked and not told, because the process died in between, the sweeper tells', async () => {
  const locationId = await announced(null);
  expect(http.installing).toEqual([]);
  await http.db.knex('installations').where({ resource_id: locationId }).update({ due_at: 1 });
  const nothing = () => Promise.resolve();
  await sweep({ app: http.app, describeRun: () => Promise.resolve('gone'), applyPost: nothing });
  expect(http.installing).toEqual([{ resourceId: locationId, kind: 'location' }]);
});
