import fc from 'fast-check';
import { nextOf, type LaneRow } from '../../src/domain/lane/head';
import type { Openings } from '../../src/domain/lane/openings';
import { unpaced } from '../../src/domain/laneRules';
import { findNext } from '../../src/store/lane/next';
import type { LaneDbRow, MessageRow } from '../../src/store/rows';
import { RULES, type TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { fresh, openLine } from './line';

const NOW = 100_000;

/** Rows of one lane: few parties and ranks, so that they get into each other's way. */
const lane = fc.array(
  fc.record({
    rank: fc.integer({ min: 0, max: 3 }),
    fresh: fc.boolean(),
    party: fc.constantFrom('anna', 'ben', 'cem', 'dia'),
    state: fc.constantFrom('claimable', 'claimable', 'inHand', 'closed'),
    notBefore: fc.constantFrom(0, 0, NOW - 1, NOW, NOW + 1, NOW + 500, NOW + 60_000),
    repeatAt: fc.constantFrom(null, null, NOW - 1_000, NOW - 10, NOW),
  }),
  { maxLength: 12 },
);

/** When the limits open: bulk never before replies, and new conversations never before others. */
const later = fc.constantFrom(0, 0, 1, 500, 40_000);
const openings = fc.tuple(later, later, later, later).map(([reply, bulk, fresh, freshBulk]): Openings => {
  const at = (ms: number) => ({ at: NOW + ms, reason: 'hourly_cap' as const });
  return {
    reply: at(reply),
    bulk: at(reply + bulk),
    freshReply: at(reply + fresh),
    freshBulk: at(Math.max(reply + bulk, reply + fresh) + freshBulk),
  };
});
const duplicateTextMs = fc.constantFrom(0, 10, 1_000, 50_000);

describeStores('who goes next by SQL', (ledger) => {
  it('goes next by the rules of the lane, at the same time', async () => {
    const line = await openLine(ledger());
    const template = await line.message(await line.accept());
    await fc.assert(
      fc.asyncProperty(lane, openings, duplicateTextMs, async (drawn, open, duplicate) => {
        const rows = drawn.map(({ state, ...row }, index): LaneRow => ({
          ...row,
          messageId: fresh('row'),
          seq: index + 1,
          open: state !== 'closed',
          claimable: state === 'claimable',
        }));
        const own = { ...(await line.lane()), id: await insert(ledger(), template, rows) } satisfies LaneDbRow;
        const rules = { ...unpaced({ ...RULES, timeZone: 'UTC' }), duplicateTextMs: duplicate };
        const found = await ledger().db.tx((trx) => findNext(trx, { lane: own, rules, openings: open, now: NOW }));
        const next = nextOf(rows, { now: NOW, openings: open, duplicateTextMs: duplicate });
        expect(found && [found.message.id, found.at]).toEqual(next && [next.row.messageId, next.at]);
      }),
      { numRuns: 300 },
    );
  });
});

async function insert({ db }: TestStore, template: MessageRow, rows: LaneRow[]): Promise<string> {
  const laneId = fresh('lane');
  const columns = rows.map((row): MessageRow => ({
    ...template,
    id: row.messageId,
    lane_id: laneId,
    source_key: row.messageId,
    message_key: row.messageId,
    ghl_message_id: null,
    seq: row.seq,
    rank: row.rank,
    fresh: row.fresh ? 1 : 0,
    repeat_at: row.repeatAt,
    party: row.party,
    open: row.open ? 1 : 0,
    claimable: row.claimable ? 1 : 0,
    not_before: row.notBefore,
  }));
  if (columns.length > 0) await db.knex('messages').insert(columns);
  return laneId;
}
