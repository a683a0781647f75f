import fc from 'fast-check';
import { classOf, CONTACTS_MS, rankOf, SAME_TEXT_MS, type ClassFacts, type Sent } from '../../src/domain/messageClass';
import { slowClassOf } from '../support/slowClass';

const SECOND = 1_000;
const NOW = 10_000 * SECOND;
const ALONE = { near: [], sameText: [], more: false };

function sent(party: string, secondsLater = 0, answers = true): Sent {
  return { party, at: NOW + secondsLater * SECOND, answers };
}

function facts(more: Partial<ClassFacts> = {}): ClassFacts {
  return { ownWords: false, byPerson: true, self: sent('anna'), ...ALONE, ...more };
}

/** As many contacts as that, one a second; the first is the message in question. */
function burst(contacts: number, answers = true): Sent[] {
  return Array.from({ length: contacts }, (_, n) => sent(n === 0 ? 'anna' : `contact-${n}`, n, answers));
}

/** What one sender sent: sometimes few, sometimes a blast; `spreadMs` is how far from the message. */
function sentAround(spreadMs: number): fc.Arbitrary<Sent[]> {
  const seconds = spreadMs / SECOND;
  const one = fc.record({
    party: fc.integer({ min: 0, max: 24 }).map((n) => `contact-${n}`),
    at: fc.integer({ min: -seconds, max: seconds }).map((by) => NOW + by * SECOND),
    answers: fc.boolean().map((is) => is || spreadMs > CONTACTS_MS),
  });
  return fc.oneof(fc.array(one, { maxLength: 6 }), fc.array(one, { maxLength: 60 }));
}

const answered = (all: boolean) => (list: Sent[]) => list.map((one) => ({ ...one, answers: one.answers || all }));

const someFacts: fc.Arbitrary<ClassFacts> = fc
  .record({
    ownWords: fc.constantFrom(false, false, false, false, true),
    byPerson: fc.boolean(),
    answers: fc.boolean(),
    near: fc.boolean().chain((all) => sentAround(CONTACTS_MS + 5 * SECOND).map(answered(all))),
    sameText: sentAround(SAME_TEXT_MS + 5 * SECOND),
    more: fc.constantFrom(false, false, false, false, true),
  })
  .map(({ answers, ...drawn }) => ({ ...drawn, self: sent('contact-0', 0, answers) }));

describe('the class of a message', () => {
  it('is by the rules, whatever its sender sent around it', () => {
    fc.assert(
      fc.property(someFacts, (drawn) => expect(classOf(drawn)).toBe(slowClassOf(drawn))),
      { numRuns: 1_000 },
    );
  });

  it('never becomes a reply by more that its sender sent', () => {
    fc.assert(
      fc.property(someFacts, sentAround(CONTACTS_MS), sentAround(SAME_TEXT_MS), (drawn, near, sameText) => {
        const later = { ...drawn, near: [...drawn.near, ...near], sameText: [...drawn.sameText, ...sameText] };
        expect([classOf(drawn), classOf(later)]).not.toEqual(['bulk', 'reply']);
      }),
    );
  });

  it('is reply for a person, for an answer and for the words of the bridge, and bulk for everybody else', () => {
    const cold = sent('anna', 0, false);
    expect(classOf(facts({ self: cold }))).toBe('reply');
    expect(classOf(facts({ byPerson: false }))).toBe('reply');
    expect(classOf(facts({ byPerson: false, self: cold }))).toBe('bulk');
    expect(classOf(facts({ byPerson: false, self: cold, ownWords: true, sameText: burst(9) }))).toBe('reply');
  });

  it('is bulk from the third contact with the same text on, also for those before', () => {
    const [first, second, third] = [sent('anna', -599), sent('ben', -1), sent('cem', 0)];
    expect(classOf(facts({ self: second, sameText: [first, second] }))).toBe('reply');
    for (const self of [first, second, third])
      expect(classOf(facts({ self, sameText: [first, second, third] }))).toBe('bulk');
    expect(classOf(facts({ self: third, sameText: [sent('anna', -600), second] }))).toBe('reply');
    expect(classOf(facts({ self: third, sameText: [sent('cem', -2), second] }))).toBe('reply');
    // Three in a window of their own say nothing of one behind it.
    const before = [sent('anna', -600), sent('ben', -600), sent('dan', -599)];
    expect(classOf(facts({ self: third, sameText: before }))).toBe('reply');
  });

  it('allows so many contacts in a minute, and a person who answers them more', () => {
    expect(classOf(facts({ near: burst(5, false) }))).toBe('reply');
    expect(classOf(facts({ near: burst(6, false) }))).toBe('bulk');
    expect(classOf(facts({ near: burst(20) }))).toBe('reply');
    expect(classOf(facts({ near: burst(21) }))).toBe('bulk');
    expect(classOf(facts({ near: burst(6), byPerson: false }))).toBe('bulk');
    expect(classOf(facts({ near: [...burst(5), sent('zoe', 5, false)] }))).toBe('bulk');
  });

  it('is bulk where not everything is known', () => {
    expect(classOf(facts({ more: true }))).toBe('bulk');
  });

  it('ranks persons before other replies, and those before bulk', () => {
    expect([rankOf('reply', true), rankOf('reply', false), rankOf('bulk', true), rankOf('bulk', false)]).toEqual([
      0, 1, 2, 2,
    ]);
  });
});
