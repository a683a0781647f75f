import fc from 'fast-check';
import { fileTurn, samePost, type FileFacts } from '../../src/domain/inboundFile';

const HOLD = 60_000;
const facts = (more: Partial<FileFacts> = {}): FileFacts => ({
  now: 1_000_000,
  state: 'wanted',
  holdUntil: 1_030_000,
  retryAt: null,
  wordsPosted: false,
  ...more,
});
const turn = (more?: Partial<FileFacts>) => fileTurn(facts(more), HOLD);

test.each<[string, Partial<FileFacts>, object]>([
  ['is there', { state: 'kept' }, { kind: 'post', how: 'with' }],
  ['is there, its words too', { state: 'kept', wordsPosted: true }, { kind: 'post', how: 'with' }],
  ['will never come', { state: 'failed' }, { kind: 'post', how: 'note' }],
  ['is new', { holdUntil: null }, { kind: 'wait', until: 1_060_000, reason: 'file_coming' }],
  ['is being fetched', {}, { kind: 'wait', until: 1_030_000, reason: 'file_coming' }],
  ['rests after a failure', { retryAt: 1_010_000 }, { kind: 'wait', until: 1_010_000, reason: 'file_retrying' }],
  ['rests beyond its hold', { retryAt: 1_040_000 }, { kind: 'wait', until: 1_030_000, reason: 'file_retrying' }],
  ['may be fetched again', { retryAt: 1_000_000 }, { kind: 'wait', until: 1_030_000, reason: 'file_coming' }],
  ['has held long enough', { holdUntil: 1_000_000 }, { kind: 'post', how: 'follows' }],
  ['rests, and has held long enough', { holdUntil: 1, retryAt: 1_040_000 }, { kind: 'post', how: 'follows' }],
  ['is late', { holdUntil: 1, wordsPosted: true }, { kind: 'wait', until: 1_600_000, reason: 'file_coming' }],
  [
    'is late and rests',
    { holdUntil: 1, wordsPosted: true, retryAt: 1_040_000 },
    { kind: 'wait', until: 1_040_000, reason: 'file_retrying' },
  ],
])('a file that %s', (_what, more, expected) => {
  expect(turn(more)).toEqual(expected);
});

test('whatever happens, nobody is held beyond the hold, and no words are posted twice', () => {
  const times = fc.integer({ min: 0, max: 2_000_000 });
  const any = fc.record<FileFacts>({
    now: times,
    state: fc.constantFrom('wanted', 'kept', 'failed'),
    holdUntil: fc.option(times),
    retryAt: fc.option(times),
    wordsPosted: fc.boolean(),
  });
  fc.assert(
    fc.property(any, (given) => {
      const next = fileTurn(given, HOLD);
      const heldUntil = given.wordsPosted ? Infinity : (given.holdUntil ?? given.now + HOLD);
      expect(next.kind === 'wait' ? next.until : given.now).toBeLessThanOrEqual(Math.max(heldUntil, given.now));
      expect(next.kind === 'wait' && next.until <= given.now).toBe(false);
      expect(next.kind === 'post' && next.how === 'follows' && given.wordsPosted).toBe(false);
    }),
  );
});

test('a post that may have arrived is repeated as it was, unless its file has failed since', () => {
  expect(samePost(null, 'with')).toBe('with');
  expect(samePost('follows', 'with')).toBe('follows');
  expect(samePost('with', 'follows')).toBe('with');
  expect(samePost('with', 'note')).toBe('note');
});
