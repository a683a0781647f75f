import fc from 'fast-check';
import { comeBackMs, refusalOf, renewAt, TOKEN_CALL_MS } from '../../src/domain/tokenRefresh';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const life = (ms: number) => ({ storedAt: 1_000_000, expiresAt: 1_000_000 + ms });
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('a token is renewed', () => {
  test.each([
    ['of a day: in its last tenth', DAY, 0.9 * DAY],
    ['of two hours: half an hour before its end', 120 * MINUTE, 90 * MINUTE],
    ['of half an hour: not in its first half', 30 * MINUTE, 15 * MINUTE],
    ['of a year: after a month, for the sake of its refresh token', 365 * DAY, 30 * DAY],
    ['that is dead already: at once', 0, 0],
  ])('%s', (_case, ms, after) => {
    expect(renewAt(life(ms), 0)).toBe(1_000_000 + after);
  });

  test('of an agency of 500: not all at once', () => {
    const first = renewAt(life(DAY), 0.999);
    const last = renewAt(life(DAY), 0);
    expect(last - first).toBeGreaterThan(60 * MINUTE);
  });

  test('always before its end and never as soon as it is stored, whatever GHL says of its life', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 3 * 365 * DAY }), share, (ms, part) => {
        const { storedAt, expiresAt } = life(ms);
        const at = renewAt({ storedAt, expiresAt }, part);
        expect(at).toBeLessThan(expiresAt);
        expect(at).toBeGreaterThanOrEqual(storedAt + Math.floor(Math.min(ms / 4, 30 * DAY)));
      }),
    );
  });
});

test.each([
  [null, 1_000],
  [500, 1_000],
  [20_000, 5_000],
  [3_600_000, 30_000],
])('who needs a token that has been in renewal for %p ms comes back in %p ms', (renewingForMs, ms) => {
  expect(comeBackMs(renewingForMs)).toBe(ms);
});

test('three tries that hang, and a worker that dies in each, fit into the 30 seconds of the same pair', () => {
  expect(3 * (TOKEN_CALL_MS + 1_000 * 1.5 ** 2)).toBeLessThan(30_000);
  expect(2 * (8_000 + 1_000 * 1.5)).toBeLessThan(30_000);
});

describe('what a refusal says of the token', () => {
  test.each([
    ['own', 'token_spent', 'refused'],
    ['own', 'location_not_active', 'not_active'],
    ['own', 'ghl_unavailable', null],
    ['own', 'ghl_rate_limited', null],
    ['own', 'ghl_client_refused', null],
    ['own', 'ghl_empty_answer', null],
    ['own', 'ghl_forbidden', null],
    ['own', 'ghl_rejected', null],
    ['company', 'grant_refused', 'refused'],
    ['company', 'ghl_forbidden', 'refused'],
    ['company', 'ghl_wrong_token_kind', 'refused'],
    ['company', 'ghl_rejected', 'refused'],
    ['company', 'location_not_active', 'not_active'],
    ['company', 'ghl_unauthorized', null],
    ['company', 'ghl_budget', null],
  ] as const)('%s, %s: %p', (way, code, said) => {
    expect(refusalOf(way, code)).toBe(said);
  });
});
