import fc from 'fast-check';
import type { TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { RULES_HERE, World } from './modelWorld';

/** Anything that can happen, in the order in which fast-check thinks of it; numbers pick what it happens to. */
const pick = fc.nat(9);
const event = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('accept' as const),
      to: fc.constantFrom('anna', 'ben', 'cem'),
      byPerson: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('claim' as const), pick }) },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('outcome' as const),
      pick,
      kind: fc.constantFrom('accepted', 'accepted', 'timeout', 'refused', 'stale', 'busy', 'invalid', 'loggedOut'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('crash' as const), pick, wrote: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('loseSignals' as const) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('cancel' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('echo' as const, 'receipt' as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('connection' as const),
      state: fc.constantFrom('connected', 'disconnected'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('time' as const),
      ms: fc.constantFrom(100, 4_999, 5_000, 8_500, 13_000, 40_000, 61_000, 3_600_000),
    }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

const RUNS = { sqlite: 300, mysql: 30 };
let turn = 0;

describeStores(
  'whatever happens to a number',
  (ledger) => {
    it("sends nothing twice, out of a contact's order, beside or too soon after another, nor over a cap, and ends everything", async () => {
      // Thousands of commits; what a power cut would do is not asked here.
      if (ledger().kind === 'sqlite') await ledger().db.knex.raw('PRAGMA synchronous = OFF');
      await fc.assert(
        fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 30, size: '+1' }), async (events) => {
          const world = await World.open(ledger());
          for (const one of events) await happen(ledger(), world, one);
          await world.settle();
          await world.clear();
        }),
        { numRuns: RUNS[ledger().kind] },
      );
    }, 300_000);
  },
  // Gaps go through their whole range.
  { random: () => (turn = (turn + 0.37) % 1), rules: RULES_HERE },
);

async function happen(ledger: TestStore, world: World, one: Event): Promise<void> {
  const run = 'pick' in one ? world.runs[one.pick % Math.max(world.runs.length, 1)] : undefined;
  switch (one.what) {
    case 'accept':
      return await world.accept(one.to, one.byPerson);
    case 'claim':
      return run && (await world.claim(run));
    case 'cancel':
      return run && (await world.cancel(run));
    case 'outcome':
      return await world.outcome(one.pick, one.kind);
    case 'crash':
      return world.crash(one.pick, one.wrote);
    case 'loseSignals':
      return world.loseSignals();
    case 'echo':
      return await world.echo(one.pick);
    case 'receipt':
      return await world.receipt(one.pick);
    case 'connection':
      return await world.connection(one.state);
    case 'time':
      return ledger.clock.advance(one.ms);
  }
}
