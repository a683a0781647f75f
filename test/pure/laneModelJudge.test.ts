import { Judge, type Moment, type Write } from './laneModelJudge';
import type { Row } from './laneModelWorld';

/** Each thing that must not happen, done on purpose: a judge that lets it pass would make the model's test worthless. */
const NOW = 1_763_700_000_000;
const HOUR = 3_600_000;
const gap = { minMs: 1_000, maxMs: 2_000 };
const rules: Moment['rules'] = {
  pace: { text: gap, media: gap, reply: gap, group: gap },
  ...{ capHourly: 5, capDaily: 20, capNewHourly: 5, warmupDaily: [], quietHours: null, timeZone: 'UTC' },
  duplicateTextMs: 0,
  holdMaxMs: { reply: HOUR, bulk: HOUR },
};
const moment = (more: Partial<Moment> = {}): Moment => ({
  ...{ now: NOW, rules, kind: 'text', connectedAt: NOW - HOUR, returnedAt: null, inHand: false },
  ...more,
});
const row = (more: Partial<Row> = {}): Row => ({
  ...{ messageId: 'm', seq: 5, rank: 2, ownRank: 2, fresh: false, party: 'anna', open: true, claimable: true },
  ...{ notBefore: 0, repeatAt: null, text: 'a', kind: 'text', wakeAt: NOW, tries: 0 },
  ...more,
});
const writes = (count: number, more: Partial<Write> = {}): Write[] =>
  Array.from({ length: count }, () => ({
    at: NOW - 60_000,
    party: 'ben',
    text: 'b',
    as: 'bulk',
    opens: false,
    ...more,
  }));

function judged(self: Row, others: Row[], written: Write[], at: Moment, lastWrite = NOW - 60_000): () => void {
  const judge = new Judge();
  judge.wrote(lastWrite);
  return () => judge.granted(self, [...others, self], written, at);
}

test('what is right is right', () => {
  expect(judged(row(), [row({ party: 'ben', seq: 1 })], writes(3), moment())).not.toThrow();
  expect(judged(row({ rank: 0 }), [], writes(4), moment())).not.toThrow();
});

test.each<[string, () => void]>([
  ['two parts at once', judged(row(), [], [], moment({ inHand: true }))],
  ['given out twice', judged(row({ claimable: false }), [], [], moment())],
  ['its back-off', judged(row({ notBefore: NOW + 1 }), [], [], moment())],
  ['overtaken', judged(row(), [row({ seq: 4 })], [], moment())],
  ['the gap', judged(row(), [], [], moment(), NOW - 999)],
  ['the ramp', judged(row(), [], [], moment({ returnedAt: NOW - 10_000 }), NOW - 1_999)],
  ['the hourly cap', judged(row({ rank: 0 }), [], writes(5), moment())],
  ['the hourly cap', judged(row(), [], writes(4), moment())],
  ['the daily cap', judged(row({ rank: 0 }), [], writes(20, { at: NOW - 2 * HOUR }), moment())],
  [
    'the cap on new chats',
    judged(
      row({ rank: 0, fresh: true }),
      [],
      writes(5, { opens: true, at: NOW - 1 }),
      moment({ rules: { ...rules, capHourly: 0 } }),
    ),
  ],
  ['the warm-up', judged(row(), [], writes(1), moment({ rules: { ...rules, warmupDaily: [1] } }))],
  [
    'the same text',
    judged(row(), [], writes(1, { party: 'anna', text: 'a' }), moment({ rules: { ...rules, duplicateTextMs: HOUR } })),
  ],
  [
    'the quiet time',
    judged(row(), [], [], moment({ rules: { ...rules, quietHours: { fromMinute: 0, toMinute: 1_439 } } })),
  ],
  ['a reply waited', judged(row(), [row({ party: 'ben', rank: 1, seq: 9 })], [], moment())],
  ['idle', () => new Judge().idle(NOW, NOW + 2_000)],
])('%s is seen', (words, breach) => {
  expect(breach).toThrow(words);
});
