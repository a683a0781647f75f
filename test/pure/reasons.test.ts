import { CONNECTION_STATES, HOLD_WORDS } from '../../src/domain/connectionState';
import { REASONS, reasonWords } from '../../src/domain/reasons';

describe('reasons', () => {
  it.each(Object.entries(REASONS))('%s is a sentence for a person, with nothing technical in it', (_code, words) => {
    expect(words).toMatch(/^[A-Z].*\.$/);
    expect(words).not.toMatch(/undefined|null|\bAPI\b|HTTP|JSON|\d{5,}/);
    expect(words.length).toBeLessThan(200);
  });

  it("fall back on the gateway's own words, then on general ones", () => {
    expect(reasonWords('nack')).toBe(REASONS.nack);
    expect(reasonWords('nack', 'something else')).toBe(REASONS.nack);
    expect(reasonWords('not_on_whatsapp', 'This number has no WhatsApp.')).toBe('This number has no WhatsApp.');
    expect(reasonWords('not_on_whatsapp', null)).toMatch(/could not be sent/);
  });

  it('do not take the names of what every object has for reasons', () => {
    expect(reasonWords('toString', 'Words.')).toBe('Words.');
    expect(reasonWords('constructor')).toMatch(/could not be sent/);
  });

  it.each(CONNECTION_STATES.filter((state) => state !== 'connected'))(
    'a number that is %s says why and what to do',
    (state) => {
      expect(HOLD_WORDS[state].why.length).toBeGreaterThan(10);
      expect(HOLD_WORDS[state].next.length).toBeGreaterThan(10);
    },
  );
});
