import fc from 'fast-check';
import { guardText } from '../../src/channels/whatsapp/guardText';

/** How the gateway's engine reads a text: choices first, innermost or not, then parameters. */
function engine(text: string): string {
  let read = text;
  for (let before = ''; before !== read;) {
    before = read;
    read = read.replace(/\{([^{}|]*)\|[^{}]*\}/g, '$1');
  }
  return read.replace(/%[\p{L}_][\p{L}\p{N}_]*%/gu, '');
}

const seen = (text: string): string => text.replaceAll('\u01c0', '|').replaceAll('\u2060', '');

describe('guardText', () => {
  it.each(['{a|b}', 'Hi {Anna|Ben}, {x{y|z}w|v}', '%name% owes 5%', '{"json": "a|b"}', 'a {b} | {c|d} %a_1%%b%'])(
    'brings %j through the engine as it was typed',
    (text) => {
      expect(seen(engine(guardText(text)))).toBe(text);
    },
  );

  it('brings any text of braces, pipes and percent signs through', () => {
    const pieces = fc.array(fc.constantFrom('{', '}', '|', '%', 'a', 'name', ' ', 'é', '\u{1F370}'), { maxLength: 40 });
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        expect(seen(engine(guardText(text)))).toBe(text);
      }),
    );
  });

  it.each(['Hello', 'a | b', '100% sure, 50% off', '{a}', 'x | {y} | z', 'https://shop.example/%E4%BD%A0%E5?a=%name%'])(
    'leaves %j as it is',
    (text) => {
      expect(guardText(text)).toBe(text);
    },
  );
});
