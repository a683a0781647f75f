import { CONNECTION_STATES } from '../../src/domain/connectionState';
import { MESSAGE_STATUSES } from '../../src/domain/messageStatus';
import { nextSentence, type NextFacts } from '../../src/http/presenters/nextSentence';

const AT = Date.UTC(2026, 0, 2, 3, 4, 5);
const ISO = '2026-01-02T03:04:05.000Z';
const facts = (own: Partial<NextFacts>): NextFacts => ({
  direction: 'outbound',
  state: 'accepted',
  reason: null,
  reason_text: null,
  next_wake_at: null,
  receipt_deadline: null,
  tell_due_at: null,
  ...own,
});

test.each(MESSAGE_STATUSES)('every state has a sentence: %s', (state) => {
  expect(nextSentence(facts({ state }))).toMatch(/^[A-Z].*\.$/);
});

test('a waiting message says why and when it is looked at again', () => {
  const sentence = nextSentence(facts({ state: 'waiting', reason: 'behind', next_wake_at: AT }));
  expect(sentence).toContain('behind earlier messages');
  expect(sentence).toContain(ISO);
});

test('a hold speaks in its own words, else in those of the number’s state', () => {
  const own = 'It is held: the number is logged out since 2026; scan.';
  expect(nextSentence(facts({ state: 'waiting', reason: 'relogin', reason_text: own }))).toContain(own);
  for (const reason of CONNECTION_STATES.filter((state) => state !== 'connected')) {
    expect(nextSentence(facts({ state: 'waiting', reason }))).toMatch(/It is held: .+; .+\./);
  }
});

test('a sent message says how long its receipt is awaited', () => {
  expect(nextSentence(facts({ state: 'sent', receipt_deadline: AT }))).toContain(`awaited until ${ISO}`);
});

test('a failure says why, that nothing more happens, and when GHL is told', () => {
  const sentence = nextSentence(facts({ state: 'failed', reason: 'phone_impossible', tell_due_at: AT }));
  expect(sentence).toMatch(/can not be a real one.*Nothing more happens by itself.*GHL is told at 2026/);
});

test('a gateway’s own reason is told in the words that were kept', () => {
  const kept = 'WhatsApp could not load the file; attach it again.';
  expect(nextSentence(facts({ state: 'failed', reason: 'media_unusable', reason_text: kept }))).toContain(kept);
});

test('a message that stands in GHL needs nothing', () => {
  expect(nextSentence(facts({ direction: 'inbound', state: 'delivered' }))).toContain('It stands in GHL');
});
