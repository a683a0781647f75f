import type { TokenRefreshArgs } from '../../src/domain/workflowTypes';
import { createRefreshStarter } from '../../src/temporal/refreshStarter';
import { playTemporal, type PlayedTemporal } from '../support/playedTemporal';
import { COMPANY, LOCATION, openTokenWorld, type TokenWorld } from '../support/tokenWorld';

/** Each process has a starter of its own, and many callers behind it. */
const PROCESSES = 20;
const CALLERS = 15;

let world: TokenWorld;
let temporal: PlayedTemporal;

beforeEach(async () => {
  world = await openTokenWorld();
  await world.installLocation();
  // No second chance: what is spent twice is refused, and counted.
  world.ghl.configure({ refreshReuseMs: 0 });
  temporal = playTemporal((args: TokenRefreshArgs) => world.activities.spendRefreshToken(args));
});
afterEach(() => world.close());

/** All callers of all processes find this version run out, and ask for its renewal at the same moment. */
async function storm(resourceId: string, version: number): Promise<void> {
  const callers = Array.from({ length: PROCESSES }, () => {
    const refresh = createRefreshStarter(temporal.client());
    return Array.from({ length: CALLERS }, () => refresh(resourceId, version));
  });
  await Promise.all(callers.flat());
  await temporal.settled();
}

const version = async (resourceId = LOCATION) => (await world.ledger.store.tokens.read(resourceId))!.version;

test('300 callers in 20 processes meet in one run, and the token is spent once', async () => {
  await storm(LOCATION, 1);
  expect([...temporal.runs]).toEqual([[`token-refresh:${LOCATION}:v1`, [true]]]);
  expect(world.asked('token')).toEqual(['200 refresh_token']);
  expect(await version()).toBe(2);
});

test('who comes late with a version that is renewed starts no run, and spends nothing', async () => {
  await storm(LOCATION, 1);
  await storm(LOCATION, 1);
  expect([...temporal.runs.values()]).toEqual([[true]]);
  expect(world.asked('token')).toHaveLength(1);
});

test('the next version is renewed in a run of its own: the last one, which ended well, does not stand in its way', async () => {
  await storm(LOCATION, 1);
  await storm(LOCATION, 2);
  expect([...temporal.runs.keys()]).toEqual([`token-refresh:${LOCATION}:v1`, `token-refresh:${LOCATION}:v2`]);
  expect(world.asked('token')).toHaveLength(2);
  expect(await version()).toBe(3);
});

test('a renewal that failed may be begun again', async () => {
  world.ghl.fault({ operation: 'token', end: 'status', status: 500 });
  await storm(LOCATION, 1);
  expect(await version()).toBe(1);
  await storm(LOCATION, 1);
  expect([...temporal.runs.values()]).toEqual([[false, true]]);
  expect(await version()).toBe(2);
});

test("one resource's run is not another's", async () => {
  await world.installCompany();
  await Promise.all([storm(LOCATION, 1), storm(COMPANY, 1)]);
  expect([await version(), await version(COMPANY)]).toEqual([2, 2]);
});

describe('should two runs of one version be at it all the same', () => {
  const args = { v: 1, resourceId: LOCATION, tokenVersion: 1 } as const;
  const both = () => Promise.all([1, 2].map(() => world.activities.spendRefreshToken(args)));

  test('within the 30 seconds both get the same pair, and one stores it', async () => {
    world.ghl.configure({ refreshReuseMs: 30_000 });
    expect((await both()).sort()).toEqual(['renewed', 'superseded']);
    expect(await version()).toBe(2);
  });

  test('beyond them the later one is refused, and takes nothing away: the pair of the other one stays', async () => {
    expect((await both()).sort()).toEqual(['refused', 'renewed']);
    expect(await world.activities.holdForToken(args, 'reauth_required')).toBe(false);
    expect(await version()).toBe(2);
    expect(await world.ledger.store.locations.get({ locationId: LOCATION })).toMatchObject({ state: 'installed' });
    await storm(LOCATION, 2);
    expect(await version()).toBe(3);
  });
});
