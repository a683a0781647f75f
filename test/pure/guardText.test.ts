import fc from 'fast-check';
import { GUARD_BYTES, guardText } from '../../src/channels/whatsapp/guardText';
import { formLength } from '../../src/domain/splitText';

/** How the gateway's engine reads a text: choices first, innermost or not, then parameters. */
function engine(text: string): string {
  let read = text;
  for (let before = ''; before !== read;) {
    before = read;
    read = read.replace(/\{([^{}|]*)\|[^{}]*\}/g, '$1');
  }
  return read.replace(/%(?![\da-f]{2})[\p{L}_][\p{L}\p{N}_]*%/giu, '');
}

const seen = (text: string): string => text.replaceAll('\u01c0', '|').replaceAll('\u2060', '');

describe('guardText', () => {
  it.each([
    '{a|b}',
    'Hi {Anna|Ben}, {x{y|z}w|v}',
    '%name% owes 5%',
    '{"json": "a|b"}',
    'a {b} | {c|d} %a_1%%b%',
    '请看https://x.com，%name%您好',
    'https://x.com/%name%',
  ])('brings %j through the engine as it was typed', (text) => {
    expect(seen(engine(guardText(text)))).toBe(text);
  });

  it('grows by no more than what the split of long texts allows for', () => {
    const pieces = fc.array(fc.constantFrom('{', '}', '|', '%', 'a', 'name', ' '), { maxLength: 60 });
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        const allowed = Array.from(text).reduce((sum, one) => sum + (GUARD_BYTES[one] ?? 0), formLength(text));
        expect(formLength(guardText(text))).toBeLessThanOrEqual(allowed);
      }),
    );
  });

  it('brings any text of braces, pipes and percent signs through', () => {
    const pieces = fc.array(fc.constantFrom('{', '}', '|', '%', 'a', 'name', ' ', 'é', '\u{1F370}'), { maxLength: 40 });
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        expect(seen(engine(guardText(text)))).toBe(text);
      }),
    );
  });

  it.each(['Hello', 'a | b', '100% sure, 50% off', '{a}', 'x | {y} | z', 'https://shop.example/%E4%BD%A0%E5?a=1'])(
    'leaves %j as it is',
    (text) => {
      expect(guardText(text)).toBe(text);
    },
  );
});
