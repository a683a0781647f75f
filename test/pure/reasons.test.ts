import {
  CONNECTION_STATES,
  expiredWords,
  HOLD_WORDS,
  holdWords,
  type HeldState,
} from '../../src/domain/connectionState';
import { GENERAL_WORDS, REASONS, reasonWords } from '../../src/domain/reasons';
import { whatIsWrong } from '../support/sentences';

const HELD = CONNECTION_STATES.filter((state): state is HeldState => state !== 'connected');

describe('reasons', () => {
  it.each(Object.entries(REASONS))('%s is a sentence for a person, with nothing technical in it', (_code, words) => {
    expect(words).toMatch(/^[A-Z].*\.$/);
    expect(words).not.toMatch(/undefined|null|\bAPI\b|HTTP|JSON|\d{5,}/);
    expect(words.length).toBeLessThan(200);
  });

  it("fall back on the gateway's own words, then on general ones", () => {
    expect(reasonWords('nack')).toBe(REASONS.nack);
    expect(reasonWords('nack', 'something else')).toBe(REASONS.nack);
    expect(reasonWords('a_code_of_its_own', 'This number has no WhatsApp.')).toBe('This number has no WhatsApp.');
    expect(reasonWords('a_code_of_its_own', null)).toBe(GENERAL_WORDS);
  });

  it('let the words that were kept speak where the cause differs from case to case', () => {
    for (const code of ['retry_deadline', 'expired_while_held'] as const) {
      expect(reasonWords(code, 'Scan the QR code.')).toBe('Scan the QR code.');
      expect(reasonWords(code, null)).toBe(REASONS[code]);
    }
  });

  it('do not take the names of what every object has for reasons', () => {
    expect(reasonWords('toString', 'Words.')).toBe('Words.');
    expect(reasonWords('constructor')).toMatch(/could not be sent/);
  });

  it.each(HELD)('a number that is %s says why and what to do, and when it is tried', (state) => {
    expect(HOLD_WORDS[state].why.length).toBeGreaterThan(10);
    expect(holdWords(state, null).next).toBe(HOLD_WORDS[state].next);
    expect(holdWords(state, Date.UTC(2026, 0, 2))).toEqual({
      why: HOLD_WORDS[state].why,
      next: `${HOLD_WORDS[state].next}; one message is tried at 2026-01-02T00:00:00.000Z, or soon after`,
    });
  });

  it.each(HELD)('what expired on a number that is %s says so, with its own words where there are some', (state) => {
    expect(whatIsWrong(expiredWords(state, null))).toEqual([]);
    expect(expiredWords(state, null)).toContain(HOLD_WORDS[state].mend);
    expect(expiredWords(state, 'The plan is used up; raise it.')).toBe(
      'The number could not send for too long. The plan is used up; raise it. Then send again if it still matters.',
    );
  });

  it('the general words are a sentence with a next step too', () => {
    expect(whatIsWrong(GENERAL_WORDS)).toEqual([]);
  });
});

describe('the check of sentences', () => {
  it.each([
    ['the number is lost. Scan the QR code.', 'no capital at the start'],
    ['The number is lost. Scan the QR code', 'no full stop at the end'],
    ['The gateway refused to send this message.', 'no next step'],
    ['It may be checked by asking around.', 'no next step'],
    ['Send it to 60123456789 again.', 'technical'],
    ['The code is media_gone; send it again.', 'technical'],
    ['Open https://example.com and send it again.', 'technical'],
    [`Send it again ${'please '.repeat(60)}.`, 'too long'],
    ['Send it  again.', 'white space'],
  ])('finds fault with %j: %s', (words, fault) => {
    expect(whatIsWrong(words)).toContain(fault);
  });
});
