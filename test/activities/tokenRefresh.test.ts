import type { DomainError } from '../../src/domain/errors';
import type { RenewAnswer } from '../../src/domain/tokenRefresh';
import { GHL_FAULTS, type GhlFaultInput } from '../../src/sandbox/ghl';
import { COMPANY, LOCATION, openTokenWorld, type TokenWorld } from '../support/tokenWorld';

const args = { v: 1, resourceId: LOCATION, tokenVersion: 1 } as const;
let world: TokenWorld;

beforeEach(async () => {
  world = await openTokenWorld();
});
afterEach(() => world.close());

const stored = async (resourceId = LOCATION) => (await world.ledger.store.tokens.read(resourceId))!;

/** What the activity returns, or the code, retry and wait with which it throws. */
async function endOf(work: Promise<RenewAnswer>): Promise<unknown> {
  return await work.catch((error: unknown) => {
    const { code, retry, retryAfterMs } = error as DomainError;
    return [code, retry, retryAfterMs];
  });
}

const MINUTES_5 = 300_000;
const refused = (status: number, message?: string): GhlFaultInput => ({
  operation: 'token',
  end: 'status',
  status,
  message,
});

describe('a refresh token that is spent', () => {
  beforeEach(() => world.installLocation());

  it('gives a pair that is stored as the next version, and whose access token GHL takes', async () => {
    const before = await stored();
    expect(await world.activities.spendRefreshToken(args)).toBe('renewed');
    const after = await stored();
    expect([after.version, after.accessToken === before.accessToken]).toEqual([2, false]);
    const access = { accessToken: after.accessToken, resourceId: LOCATION, priority: 'high' as const };
    await expect(world.client.getLocation(access, LOCATION)).resolves.toMatchObject({ country: 'MY' });
  });

  it('is not spent for a version that is gone', async () => {
    await world.activities.spendRefreshToken(args);
    expect(await world.activities.spendRefreshToken(args)).toBe('superseded');
    expect(world.asked('token')).toHaveLength(1);
  });

  it('is posted again after a lost answer, and within 30 seconds the same pair comes back', async () => {
    world.ghl.fault(GHL_FAULTS.tokenAnswerLost);
    expect(await endOf(world.activities.spendRefreshToken(args))).toEqual(['ghl_unavailable', 'later', undefined]);
    world.pass(29_000);
    expect(await world.activities.spendRefreshToken(args)).toBe('renewed');
    expect(await stored()).toMatchObject({ version: 2 });
    expect(world.asked('token')).toHaveLength(2);
  });

  it('is refused when the window of the lost answer has passed', async () => {
    world.ghl.fault(GHL_FAULTS.tokenAnswerLost);
    await endOf(world.activities.spendRefreshToken(args));
    world.pass(30_000);
    expect(await world.activities.spendRefreshToken(args)).toBe('refused');
    expect(await stored()).toMatchObject({ version: 1 });
  });

  it.each<[string, GhlFaultInput, unknown]>([
    ['500', refused(500), ['ghl_unavailable', 'later', undefined]],
    ['503', refused(503), ['ghl_unavailable', 'later', undefined]],
    ['a reset connection', { operation: 'token', end: 'reset' }, ['ghl_unavailable', 'later', undefined]],
    ['429', refused(429), ['ghl_rate_limited', 'later', 10_000]],
    [
      '200 without a pair',
      { operation: 'token', end: 'status', status: 200, body: {} },
      ['ghl_empty_answer', 'later', undefined],
    ],
    ['400, spent', refused(400, 'Invalid refresh token'), 'refused'],
    ['400, in words of another age', refused(400, 'invalid_grant: the token is expired'), 'refused'],
    ['400 without words', { operation: 'token', end: 'status', status: 400, body: {} }, 'refused'],
    ['401', refused(401), 'refused'],
    ['400, not active', GHL_FAULTS.locationNotActive, 'not_active'],
    [
      '401, our own credentials',
      refused(401, 'Invalid client: client is invalid'),
      ['ghl_client_refused', 'later', MINUTES_5],
    ],
    ['403', refused(403), ['ghl_forbidden', 'later', MINUTES_5]],
    ['404', refused(404), ['ghl_rejected', 'later', MINUTES_5]],
    ['422', refused(422, 'grant_type is not valid'), ['ghl_rejected', 'later', MINUTES_5]],
  ])('is judged by the answer, and the stored pair stays: %s', async (_case, fault, end) => {
    const before = await stored();
    world.ghl.fault(fault);
    expect(await endOf(world.activities.spendRefreshToken(args))).toEqual(end);
    expect(await stored()).toMatchObject({ version: 1, accessToken: before.accessToken });
    expect(await world.activities.spendRefreshToken(args)).toBe('renewed');
  });

  it('waits six seconds for an answer, so that three tries fit into the window', async () => {
    world.ghl.fault({ operation: 'token', end: 'hang' });
    const begun = performance.now();
    expect(await endOf(world.activities.spendRefreshToken(args))).toEqual(['ghl_unavailable', 'later', undefined]);
    expect(performance.now() - begun).toBeLessThan(7_500);
  }, 15_000);

  it.each([
    ['another location', { userType: 'Location', locationId: 'somebody-else' }],
    ['a company', { userType: 'Company', companyId: COMPANY }],
  ])('whose answer is the pair of %s is stored nowhere', async (_case, owner) => {
    const body = { access_token: 'foreign', refresh_token: 'foreign', expires_in: 60, ...owner };
    world.ghl.fault({ operation: 'token', end: 'status', status: 200, body });
    expect(await endOf(world.activities.spendRefreshToken(args))).toEqual(['ghl_foreign_grant', 'later', MINUTES_5]);
    expect(await stored()).toMatchObject({ version: 1 });
  });
});

describe('a location that is refused', () => {
  it.each(['suspended', 'reauth_required'] as const)('is held as %s, once per version', async (state) => {
    await world.installLocation();
    expect(await world.activities.holdForToken(args, state)).toBe(true);
    expect(await world.ledger.store.locations.get({ locationId: LOCATION })).toMatchObject({ state });
    await world.installLocation();
    expect(await world.activities.holdForToken(args, state)).toBe(false);
    expect(await world.ledger.store.locations.get({ locationId: LOCATION })).toMatchObject({ state: 'installed' });
  });
});

describe("the company's path", () => {
  const company = { v: 1, resourceId: COMPANY, tokenVersion: 1 } as const;

  it('gives the location a pair of its own, also where the company had none to give with it', async () => {
    await world.installLocation(COMPANY);
    await world.installCompany();
    expect(await world.activities.mintFromCompany(args)).toBe('renewed');
    expect(await stored()).toMatchObject({ version: 2 });
    expect(await world.activities.spendRefreshToken({ ...args, tokenVersion: 2 })).toBe('renewed');
  });

  it('renews the token of the company first when that has run out, and nobody waits in there', async () => {
    await world.installLocation(COMPANY);
    await world.installCompany();
    world.pass(86_400_000);
    expect(await endOf(world.activities.mintFromCompany(args))).toEqual(['token_refreshing', 'later', undefined]);
    expect(world.started).toEqual([[COMPANY, 1]]);
    expect(world.asked('locationToken')).toHaveLength(0);
    expect(await world.activities.spendRefreshToken(company)).toBe('renewed');
    expect(await world.activities.mintFromCompany(args)).toBe('renewed');
  });

  it('renews it too when GHL refuses it, but not one that it has only just given', async () => {
    await world.installLocation(COMPANY);
    await world.installCompany();
    world.ghl.expireAccessTokens(COMPANY);
    expect(await endOf(world.activities.mintFromCompany(args))).toEqual(['token_refreshing', 'later', undefined]);
    expect(world.started).toEqual([[COMPANY, 1]]);
    await world.activities.spendRefreshToken(company);
    world.ghl.fault({ operation: 'locationToken', end: 'status', status: 401 });
    expect(await world.activities.mintFromCompany(args)).toBe('refused');
    expect(world.started).toHaveLength(1);
  });

  it.each([
    ['no company', null, undefined],
    ['a company without the app', COMPANY, undefined],
    ['a company that has lost its own access', COMPANY, 'reauth_required'],
  ] as const)('leads nowhere with %s', async (_case, companyId, state) => {
    await world.installLocation(companyId);
    if (state !== undefined) {
      await world.installCompany();
      await world.activities.holdForToken(company, state);
    }
    expect(await world.activities.mintFromCompany(args)).toBe('refused');
    expect(world.asked('locationToken')).toHaveLength(0);
  });

  it('is waited for while the company is suspended', async () => {
    await world.installLocation(COMPANY);
    await world.installCompany();
    await world.activities.holdForToken(company, 'suspended');
    expect(await world.activities.mintFromCompany(args)).toBe('not_active');
  });

  it.each<[number, string | undefined, unknown]>([
    [400, 'Location not found', 'refused'],
    [400, 'Location is not active', 'not_active'],
    [403, undefined, 'refused'],
    [401, 'Invalid JWT', 'refused'],
    [422, undefined, 'refused'],
    [500, undefined, ['ghl_unavailable', 'later', undefined]],
  ])('is judged by the answer: %p %p', async (status, message, end) => {
    await world.installLocation(COMPANY);
    await world.installCompany();
    world.ghl.fault({ operation: 'locationToken', end: 'status', status, message });
    expect(await endOf(world.activities.mintFromCompany(args))).toEqual(end);
    expect(await stored()).toMatchObject({ version: 1 });
  });

  it('gives nothing to a location that has got a pair of its own meanwhile', async () => {
    await world.installLocation(COMPANY);
    await world.installCompany();
    await world.activities.spendRefreshToken(args);
    expect(await world.activities.mintFromCompany(args)).toBe('superseded');
    expect(await stored()).toMatchObject({ version: 2 });
  });
});

test('a pair that came without a refresh token is minted anew, not posted', async () => {
  await world.installLocation(COMPANY);
  await world.ledger.db.knex('tokens').where({ resource_id: LOCATION }).update({ refresh_sealed: null });
  expect(await world.activities.spendRefreshToken(args)).toBe('refused');
  expect(world.asked('token')).toHaveLength(0);
});

test('no log line holds a token', async () => {
  await world.installLocation(COMPANY);
  await world.installCompany();
  await world.activities.spendRefreshToken(args);
  await world.activities.holdForToken({ ...args, tokenVersion: 2 }, 'reauth_required');
  expect(world.logs.join('')).toContain('Access was lost');
  expect(world.logs.join('')).not.toMatch(/sbx-(access|refresh|code)-/);
});
