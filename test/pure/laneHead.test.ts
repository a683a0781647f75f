import fc from 'fast-check';
import { headOf, nextOf, type LaneLimits, type LaneRow } from '../../src/domain/lane/head';
import { openFrom, openingFor, type Openings } from '../../src/domain/lane/openings';

const NOW = 1_000_000;
const OPEN: LaneLimits = { now: NOW, openings: openFrom(NOW), duplicateTextMs: 0 };
const later = (ms: number) => ({ at: NOW + ms, reason: 'hourly_cap' as const });

function row(messageId: string, seq: number, more: Partial<LaneRow> = {}): LaneRow {
  const base = { rank: 2, fresh: false, party: messageId, open: true, claimable: true, notBefore: 0, repeatAt: null };
  return { messageId, seq, ...base, ...more };
}

const rows = fc
  .array(
    fc.record({
      rank: fc.integer({ min: 0, max: 3 }),
      fresh: fc.boolean(),
      party: fc.constantFrom('a', 'b', 'c', 'd'),
      open: fc.boolean(),
      claimable: fc.boolean(),
      notBefore: fc.constantFrom(0, NOW, NOW + 1, NOW + 1_000),
      repeatAt: fc.constantFrom(null, NOW - 1_000, NOW),
    }),
    { maxLength: 15 },
  )
  .map((drawn) => drawn.map((one, index) => row(`m${index}`, index, one)));
const limits = fc
  .record({ reply: fc.nat(50), bulk: fc.nat(5_000), fresh: fc.nat(5_000), duplicateTextMs: fc.constantFrom(0, 500) })
  .map(({ reply, bulk, fresh, duplicateTextMs }): LaneLimits => {
    const openings: Openings = {
      reply: later(reply),
      bulk: later(reply + bulk),
      freshReply: later(reply + fresh),
      freshBulk: later(reply + Math.max(bulk, fresh)),
    };
    return { now: NOW, openings, duplicateTextMs };
  });

describe('headOf', () => {
  it('takes the first in order, a smaller rank before it, and nobody behind the own contact', () => {
    expect(headOf([row('a', 1), row('b', 2)], OPEN)?.messageId).toBe('a');
    expect(headOf([row('a', 1), row('b', 2, { rank: 1 })], OPEN)?.messageId).toBe('b');
    expect(headOf([row('a', 1, { notBefore: NOW + 1 }), row('b', 2)], OPEN)?.messageId).toBe('b');
    const same = [row('a', 1, { party: 'x', claimable: false }), row('b', 2, { party: 'x', rank: 0 })];
    expect(headOf(same, OPEN)).toBeNull();
    expect(headOf([], OPEN)).toBeNull();
  });

  it('passes over what the limits hold: bulk, and what opens a conversation', () => {
    const openings = { ...OPEN.openings, bulk: later(1), freshBulk: later(1), freshReply: later(1) };
    const lane = [row('bulk', 1), row('newReply', 2, { rank: 0, fresh: true }), row('reply', 3, { rank: 1 })];
    expect(headOf(lane, { ...OPEN, openings })?.messageId).toBe('reply');
    const onlyNew = { ...OPEN.openings, freshBulk: later(1) };
    expect(headOf([row('new', 1, { fresh: true }), row('known', 2)], { ...OPEN, openings: onlyNew })?.messageId).toBe(
      'known',
    );
  });

  it('passes over a repeated bulk text until its time is up, and over no reply', () => {
    const lane = [row('again', 1, { repeatAt: NOW - 400 }), row('other', 2)];
    expect(headOf(lane, { ...OPEN, duplicateTextMs: 401 })?.messageId).toBe('other');
    expect(headOf(lane, { ...OPEN, duplicateTextMs: 400 })?.messageId).toBe('again');
    const lifted = [row('again', 1, { repeatAt: NOW, rank: 1 }), row('other', 2)];
    expect(headOf(lifted, { ...OPEN, duplicateTextMs: 10_000 })?.messageId).toBe('again');
  });

  it('never lets a message overtake an unfinished one to the same party', () => {
    fc.assert(
      fc.property(rows, limits, (lane, limit) => {
        const head = headOf(lane, limit);
        if (head === null) return;
        expect(head.open && head.claimable && head.notBefore <= NOW).toBe(true);
        expect(openingFor(limit.openings, head).at).toBeLessThanOrEqual(NOW);
        const overtaken = lane.filter((one) => one.open && one.party === head.party && one.seq < head.seq);
        expect(overtaken).toEqual([]);
      }),
    );
  });

  it('goes through the whole lane, each one once, in every party in order', () => {
    fc.assert(
      fc.property(rows, (lane) => {
        const left = lane.map((one) => ({ ...one, claimable: one.open, notBefore: 0 }));
        const went: LaneRow[] = [];
        for (let head = headOf(left, OPEN); head !== null; head = headOf(left, OPEN)) {
          head.open = false;
          went.push(head);
        }
        expect(went).toHaveLength(lane.filter((one) => one.open).length);
        for (const party of ['a', 'b', 'c', 'd']) {
          const seqs = went.filter((one) => one.party === party).map((one) => one.seq);
          expect(seqs).toEqual([...seqs].sort((x, y) => x - y));
        }
      }),
    );
  });
});

describe('nextOf', () => {
  it('is the head while there is one, and else who may go first', () => {
    fc.assert(
      fc.property(rows, limits, (lane, limit) => {
        const next = nextOf(lane, limit);
        const head = headOf(lane, limit);
        expect(head?.messageId).toBe(next !== null && next.at <= NOW ? next.row.messageId : undefined);
        if (next === null) return;
        // At that moment, with nothing else changed, it is the head; and before it nobody is.
        const at = (now: number) => headOf(lane, { ...limit, now });
        expect(at(next.at)?.messageId).toBe(next.row.messageId);
        expect(next.at > NOW ? at(next.at - 1) : null).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });

  it('is a reply in a lane whose bulk is held', () => {
    const openings = { ...OPEN.openings, bulk: later(3_600_000), freshBulk: later(3_600_000) };
    const lane = [row('bulk', 1), row('reply', 2, { rank: 1, notBefore: NOW + 500 })];
    expect(nextOf(lane, { ...OPEN, openings })).toMatchObject({ row: { messageId: 'reply' }, at: NOW + 500 });
  });
});
