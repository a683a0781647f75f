import { accessTokenOf, renewRefusedToken } from '../../activities/accessToken';
import type { ActivityDeps } from '../../activities/deps';
import { createTokenProofs } from '../../activities/tokenProofs';
import { grantOf } from '../store/line';
import { openTestStore } from '../support/store';
import type { TestStore } from '../support/storeAt';

const LOCATION = 'location-1';
const scope = { locationId: LOCATION };
let ledger: TestStore;
let refreshed: number[];
let deps: ActivityDeps;

beforeEach(async () => {
  ledger = await openTestStore({ kind: 'sqlite' });
  refreshed = [];
  const starter = { refreshToken: async (_: string, version: number) => void refreshed.push(version) };
  deps = { app: { store: ledger.store, starter }, proofs: createTokenProofs() } as unknown as ActivityDeps;
  await ledger.store.installations.install(scope, { companyId: null, grant: grantOf() });
});

afterEach(() => ledger.close());

test('a refused token is renewed', async () => {
  await expect(renewRefusedToken(deps, LOCATION, 1)).rejects.toMatchObject({ code: 'token_refreshing' });
  expect(refreshed).toEqual([1]);
});

test('a token that GHL has only just given is not renewed for a refusal: the next would be refused too', async () => {
  await ledger.store.tokens.finishRefresh(LOCATION, 1, grantOf());
  const refused = renewRefusedToken(deps, LOCATION, 2);
  await expect(refused).rejects.toMatchObject({ code: 'ghl_refuses_token', retry: 'later', retryAfterMs: 300_000 });
  expect(refreshed).toEqual([]);
  ledger.clock.advance(300_000);
  await expect(renewRefusedToken(deps, LOCATION, 2)).rejects.toMatchObject({ code: 'token_refreshing' });
  expect(refreshed).toEqual([2]);
});

test('a young token that GHL has taken is renewed when it is refused after all', async () => {
  await ledger.store.tokens.finishRefresh(LOCATION, 1, grantOf());
  deps.proofs.add(LOCATION, 2);
  await expect(renewRefusedToken(deps, LOCATION, 2)).rejects.toMatchObject({ code: 'token_refreshing' });
  expect(refreshed).toEqual([2]);
});

test('a version that another has replaced meanwhile is not renewed any more than it was asked for', async () => {
  await ledger.store.tokens.finishRefresh(LOCATION, 1, grantOf());
  await expect(renewRefusedToken(deps, LOCATION, 1)).rejects.toMatchObject({ code: 'token_refreshing' });
  expect(refreshed).toEqual([]);
  expect((await accessTokenOf(deps, LOCATION, 'high')).version).toBe(2);
});
