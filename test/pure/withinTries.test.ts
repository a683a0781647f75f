import type { SendOutcome } from '../../src/channels/gateway';
import { timesRefused, withinTries } from '../../src/store/messages/withinTries';

const answer = (then: 'fail' | 'disconnected'): SendOutcome => ({
  kind: 'rejected',
  retry: 'later',
  code: 'odd',
  text: 'Odd.',
  limit: { retries: 2, then },
});
const refused = (times: number, as: string | null = 'odd') => ({ refused_as: as, refused_times: times });

test('an answer counts as it is until its retries are used up', () => {
  for (const times of [0, 1]) expect(withinTries(refused(times), answer('fail'))).toEqual(answer('fail'));
});

test('after them it fails, or holds its number', () => {
  expect(withinTries(refused(2), answer('fail'))).toEqual({
    kind: 'rejected',
    retry: 'never',
    code: 'odd',
    text: 'Odd.',
  });
  const state = 'disconnected';
  expect(withinTries(refused(2), answer(state))).toEqual({ kind: 'held', state, code: 'odd', text: 'Odd.' });
});

test('only the same answer in a row counts', () => {
  expect(withinTries(refused(9, 'busy'), answer('fail'))).toEqual(answer('fail'));
  expect([timesRefused(refused(9, 'busy'), 'odd'), timesRefused(refused(2), 'odd')]).toEqual([1, 3]);
});

test.each<SendOutcome>([
  { kind: 'accepted', gatewayId: 'a' },
  { kind: 'ambiguous', cause: 'timeout' },
  { kind: 'not_sent', cause: 'dns' },
  { kind: 'rejected', retry: 'later', code: 'odd', text: 'Odd.' },
])('what has no limit stays as it is: %j', (outcome) => {
  expect(withinTries(refused(99), outcome)).toBe(outcome);
});
