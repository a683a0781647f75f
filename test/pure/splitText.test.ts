import fc from 'fast-check';
import { fits, formLength, splitText, type TextLimit } from '../../src/domain/splitText';

const FAMILY = '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}';
const FLAG = '\u{1F1F2}\u{1F1FE}';
const typed = fc
  .array(
    fc.oneof(
      fc.constantFrom(FAMILY, FLAG, 'é', 'e\u0301', '\r\n', '\n', ' ', 'سلام', '你好', 'price', '{a|b}', '%'),
      fc.string(),
    ),
    {
      maxLength: 60,
    },
  )
  .map((pieces) => pieces.join(''));
const limits: fc.Arbitrary<TextLimit> = fc.record({
  units: fc.integer({ min: 24, max: 80 }),
  encodedBytes: fc.integer({ min: 200, max: 500 }),
});
const piecesOf = (text: string, limit: TextLimit): string[] =>
  splitText(text, limit).map((slice) => text.slice(...slice));

describe('splitText', () => {
  it('loses and adds nothing, and keeps every piece within the limit', () => {
    fc.assert(
      fc.property(typed, limits, (text, limit) => {
        const pieces = piecesOf(text, limit);
        expect(pieces.join('')).toBe(text);
        for (const piece of pieces) {
          expect(piece.length).toBeGreaterThan(0);
          expect(fits(piece, limit) || Array.from(piece).length === 1).toBe(true);
        }
      }),
    );
  });

  it('never cuts inside an emoji, a flag or a composed letter', () => {
    const reader = new Intl.Segmenter('en', { granularity: 'grapheme' });
    fc.assert(
      fc.property(typed, limits, (text, limit) => {
        const starts = new Set(Array.from(reader.segment(text), ({ index }) => index));
        const long = Array.from(reader.segment(text)).some(({ segment }) => !fits(segment, limit));
        for (const [from] of splitText(text, limit)) expect(long || starts.has(from)).toBe(true);
      }),
    );
  });

  it('sees the whole emoji that begins just before the limit', () => {
    // A window of 25 units would end in the middle of the third person.
    const text = `${'!'.repeat(18)}${FAMILY}`;
    expect(piecesOf(text, { units: 24, encodedBytes: 200 })).toEqual(['!'.repeat(18), FAMILY]);
  });

  it('leaves a text whole that fits', () => {
    expect(piecesOf('x'.repeat(4096), { units: 4096, encodedBytes: 6000 })).toEqual(['x'.repeat(4096)]);
    expect(splitText('', { units: 10, encodedBytes: 100 })).toEqual([]);
  });

  it('cuts behind a line where it can, else behind a word, else between characters', () => {
    const limit = { units: 12, encodedBytes: 1000 };
    expect(piecesOf('aaa bbbb\nccc ddd eee', limit)).toEqual(['aaa bbbb\n', 'ccc ddd eee']);
    expect(piecesOf('aaa bbbb ccc ddd', limit)).toEqual(['aaa bbbb ', 'ccc ddd']);
    expect(piecesOf('a'.repeat(30), limit)).toEqual(['a'.repeat(12), 'a'.repeat(12), 'a'.repeat(6)]);
  });

  it('does not make a tiny piece for the sake of an early line end', () => {
    const limit = { units: 20, encodedBytes: 1000 };
    expect(piecesOf(`a\n${'b'.repeat(30)}`, limit)[0]).toHaveLength(20);
  });

  it('counts what a text takes in an address', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(formLength(text)).toBe(new URLSearchParams({ '': text }).toString().length - 1);
      }),
    );
    expect(piecesOf(FAMILY.repeat(20), { units: 4096, encodedBytes: 200 })[0]).toBe(FAMILY.repeat(3));
  });

  it('leaves room for what guarding adds', () => {
    const limit = { units: 4096, encodedBytes: 120, guardBytes: { '%': 9 } };
    expect(piecesOf('%a% '.repeat(20), limit)[0]!.length).toBeLessThan(20);
    expect(piecesOf('%a% '.repeat(20), { ...limit, guardBytes: {} })[0]!.length).toBeGreaterThan(40);
  });

  it('cuts a character that is too long by itself between its code points', () => {
    const tower = `a${'\u0301'.repeat(50)}`;
    const pieces = piecesOf(tower, { units: 20, encodedBytes: 1000 });
    expect(pieces.join('')).toBe(tower);
    expect(pieces.length).toBeGreaterThan(2);
  });

  it('splits a price list of 6,000 characters with emoji into a few messages', () => {
    const list = Array.from({ length: 150 }, (_, n) => `\u{1F370} Cake ${n}: ${'sweet '.repeat(4)}RM ${n}.90`).join(
      '\n',
    );
    const limit = { units: 4096, encodedBytes: 6000 };
    const pieces = piecesOf(list.slice(0, 6000), limit);
    expect(pieces.join('')).toBe(list.slice(0, 6000));
    expect(pieces.slice(0, -1).every((piece) => piece.endsWith('\n'))).toBe(true);
    expect(pieces.length).toBeLessThan(4);
  });
});
