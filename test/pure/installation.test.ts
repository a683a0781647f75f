import fc from 'fast-check';
import {
  grantTime,
  installRetryMs,
  mergeHeard,
  nextPage,
  nextState,
  PAGE_LIMIT,
  standingBy,
  type Heard,
} from '../../src/domain/installation';

const NOTHING: Heard = { installAt: null, uninstallAt: null, grantedAt: null };
const KINDS = { install: 'installAt', uninstall: 'uninstallAt', grant: 'grantedAt' } as const;
type Kind = keyof typeof KINDS;

/** What happened at GHL, in its true order. */
const timeline = fc
  .array(fc.constantFrom<Kind>('install', 'uninstall', 'grant'), { maxLength: 8 })
  .map((kinds) => kinds.map((kind, n) => ({ kind, at: 1_000 + n * 10 })));

const hear = (heard: Heard, { kind, at }: { kind: Kind; at: number }): Heard =>
  mergeHeard(heard, { [KINDS[kind]]: at });

/** A state machine that hears everything in order. */
function inOrder(events: { kind: Kind }[]): string {
  return events.reduce((state, { kind }) => {
    if (kind === 'uninstall') return 'uninstalled';
    if (kind === 'grant') return 'installed';
    return state === 'installed' ? state : 'pending';
  }, 'uninstalled');
}

test('whatever the order in which it is heard, and however often, the end is that of the true order', () => {
  const shuffled = timeline.chain((events) =>
    fc.tuple(
      fc.constant(events),
      fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2, maxLength: events.length * 2 }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([events, heardAs]) => {
      expect(standingBy(heardAs.reduce(hear, NOTHING))).toBe(inOrder(events));
    }),
  );
});

test('tokens from before an uninstallation are dead, also when a newer INSTALL was heard first', () => {
  expect(standingBy({ grantedAt: 1, uninstallAt: 2, installAt: 3 })).toBe('pending');
});

test('a suspension or lost access lasts until a new grant, and does not outlive an uninstallation', () => {
  const installed: Heard = { installAt: 1, uninstallAt: null, grantedAt: 2 };
  for (const held of ['suspended', 'reauth_required'] as const) {
    expect(nextState(held, installed, false)).toBe(held);
    expect(nextState(held, installed, true)).toBe('installed');
    expect(nextState(held, { ...installed, uninstallAt: 3 }, false)).toBe('uninstalled');
  }
});

test('a grant counts as newer than an uninstallation that was known before, whatever the clocks say', () => {
  expect(grantTime(100, { ...NOTHING, uninstallAt: 500 })).toBe(501);
  expect(grantTime(100, NOTHING)).toBe(100);
});

test('fruitless tries come ever later, at last daily', () => {
  const waits = Array.from({ length: 12 }, (_, n) => installRetryMs(n + 1));
  expect(waits[0]).toBe(10_000);
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(waits.at(-1)).toBe(86_400_000);
});

test.each([
  [0, 100, 500, 100],
  [400, 100, 500, null],
  [0, 0, 500, null],
  [0, PAGE_LIMIT, null, PAGE_LIMIT],
  [100, 99, null, null],
])('from %i, with %i of %p, the next page begins at %p', (skip, got, count, next) => {
  expect(nextPage(skip, got, count)).toBe(next);
});
