import fc from 'fast-check';
import { inGroup } from '../../src/domain/groupText';
import { wordOfContent } from '../../src/domain/optOut';
import { oneLine, quotationLine, reactionWords, splitAnswer } from '../../src/domain/quotation';

describe('a quoted line', () => {
  test('is one line of 80 characters at most, and begins as the text does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const line = oneLine(text);
        expect(line).not.toMatch(/[\n\r\t]/);
        expect(line.length).toBeLessThanOrEqual(81);
        const flat = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
        expect(line.endsWith('…') ? flat.startsWith(line.slice(0, -1)) : line === flat).toBe(true);
      }),
    );
  });

  test('is cut inside no character', () => {
    expect(oneLine('👨‍👩‍👧‍👦'.repeat(20))).toBe(`${'👨‍👩‍👧‍👦'.repeat(7)}…`);
  });
});

describe('an answer', () => {
  const answer = { v: 1, text: `${quotationLine('Do you want more?')}\nSTOP`, replyTo: 'Q1' } as const;

  test('is told from the line that it answers', () => {
    const line = fc.string().map((text) => text.replace(/\n/g, ''));
    fc.assert(
      fc.property(line, fc.string(), (quoted, words) => {
        const text = `${quotationLine(quoted)}\n${words}`;
        expect(splitAnswer({ v: 1, text, replyTo: 'Q1' })).toEqual({ quotation: quotationLine(quoted), words });
        expect(splitAnswer({ v: 1, text })).toEqual({ words: text });
      }),
    );
  });

  test('has no words where a file answers, and is all words where nothing was quoted', () => {
    expect(splitAnswer({ v: 1, text: quotationLine('Which?'), replyTo: 'Q1' }).words).toBeUndefined();
    expect(splitAnswer({ v: 1, replyTo: 'Q1' })).toEqual({});
    expect(splitAnswer({ v: 1, text: 'yes', replyTo: 'Q1' })).toEqual({ words: 'yes' });
  });

  test('counts as a stop word by its own words', () => {
    expect(wordOfContent({ channel: 'whatsapp', value: '+60123456789' }, answer)).toBe('STOP');
  });

  test('has its sender in a group behind the line that it answers', () => {
    expect(inGroup(answer, 'Siti').text).toBe('> Do you want more?\nSiti: STOP');
    expect(inGroup({ ...answer, text: '> Which?' }, 'Siti').text).toBe('> Which?\nSiti:');
  });
});

test('a reaction names the message that it is about, where that is known', () => {
  expect(reactionWords('👍')).toBe('reacted 👍 to a message');
  expect(reactionWords('👍', ' \n')).toBe('reacted 👍 to a message');
  expect(reactionWords('👍', 'See you\non Monday')).toBe('reacted 👍 to: See you on Monday');
});
