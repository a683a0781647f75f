import fc from 'fast-check';
import type { LaneRules } from '../../src/domain/laneRules';
import { LaneWorld, type End } from './laneModelWorld';

const gap = fc.constantFrom({ minMs: 0, maxMs: 0 }, { minMs: 1_000, maxMs: 3_000 }, { minMs: 5_000, maxMs: 12_000 });
const rules: fc.Arbitrary<LaneRules> = fc.record({
  pace: fc.record({ text: gap, media: gap, reply: gap, group: gap }),
  capHourly: fc.constantFrom(0, 1, 2, 5, 80),
  capDaily: fc.constantFrom(0, 3, 6, 500),
  capNewHourly: fc.constantFrom(0, 1, 2, 20),
  warmupDaily: fc.constantFrom([], [1, 3], [50, 200, 500]),
  quietHours: fc.constantFrom(null, { fromMinute: 21 * 60, toMinute: 8 * 60 }, { fromMinute: 60, toMinute: 61 }),
  timeZone: fc.constant('UTC'),
  duplicateTextMs: fc.constantFrom(0, 0, 60_000, 86_400_000),
  holdMaxMs: fc.constant({ reply: 259_200_000, bulk: 259_200_000 }),
});

const pick = fc.nat(9);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('accept' as const),
      party: fc.constantFrom('anna', 'ben', 'cem', 'group-1'),
      rank: fc.constantFrom(0, 1, 2, 2, 2),
      kind: fc.constantFrom('text' as const, 'text' as const, 'media' as const),
      text: fc.constantFrom('a', 'b'),
    }),
  },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('claim' as const), pick }) },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('outcome' as const),
      end: fc.constantFrom<End>('accepted', 'accepted', 'ambiguous', 'failed', 'notSent', 'busy', 'crashed'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('cancel' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('connection' as const), connected: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('change' as const), rules }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('time' as const),
      ms: fc.constantFrom(1, 999, 1_000, 5_000, 12_000, 61_000, 3_599_999, 3_600_000, 86_400_000),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

test('whatever happens to a lane: no order, gap or cap is broken, replies go first, nothing idles, everything ends', () => {
  const draws = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(rules, draws, fc.array(step, { minLength: 5, maxLength: 40, size: '+1' }), (first, jitters, steps) => {
      let turn = 0;
      const world = new LaneWorld(first, () => jitters[turn++ % jitters.length]!);
      for (const one of steps) happen(world, one);
      world.settle();
    }),
    { numRuns: 10_000 },
  );
}, 240_000);

function happen(world: LaneWorld, one: Step): void {
  const row = 'pick' in one ? world.rows[one.pick % Math.max(world.rows.length, 1)] : undefined;
  switch (one.what) {
    case 'accept':
      return world.accept(one.party, one.rank, one.kind, one.text);
    case 'claim':
      return row && world.claim(row);
    case 'cancel':
      return row && world.cancel(row);
    case 'outcome':
      return world.outcome(one.end);
    case 'connection':
      return world.connection(one.connected);
    case 'change':
      return world.change(one.rules);
    case 'time':
      world.now += one.ms;
  }
}
