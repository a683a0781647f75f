import fc from 'fast-check';
import { headOf, type LaneRow } from '../../src/domain/lane';
import { findHead } from '../../src/store/lanes';
import type { MessageRow } from '../../src/store/rows';
import type { TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { fresh, openLine } from './line';

const NOW = 1_000;

/** Rows of one lane: few parties and ranks, so that they get into each other's way. */
const lane = fc.array(
  fc.record({
    rank: fc.integer({ min: -2, max: 2 }),
    party: fc.constantFrom('anna', 'ben', 'cem'),
    state: fc.constantFrom('claimable', 'claimable', 'inHand', 'closed'),
    notBefore: fc.constantFrom(0, NOW - 1, NOW, NOW + 1, NOW + 60_000),
  }),
  { maxLength: 12 },
);

describeStores('the head by SQL', (ledger) => {
  it('is the head by the rules of the lane', async () => {
    const line = await openLine(ledger());
    const template = await line.message(await line.accept());
    await fc.assert(
      fc.asyncProperty(lane, async (drawn) => {
        const rows = drawn.map(({ state, ...row }, index): LaneRow => ({
          ...row,
          messageId: fresh('row'),
          seq: index + 1,
          open: state !== 'closed',
          claimable: state === 'claimable',
        }));
        const laneId = await insert(ledger(), template, rows);
        const head = await ledger().db.tx((trx) => findHead(trx, laneId, NOW));
        expect(head?.id ?? null).toBe(headOf(rows, NOW)?.messageId ?? null);
      }),
      { numRuns: 150 },
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
    party: row.party,
    open: row.open ? 1 : 0,
    claimable: row.claimable ? 1 : 0,
    not_before: row.notBefore,
  }));
  if (columns.length > 0) await db.knex('messages').insert(columns);
  return laneId;
}
