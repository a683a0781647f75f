import fc from 'fast-check';
import { echoText, planParts, type PartContent } from '../../src/domain/content';

const text = (value: string): PartContent => ({ kind: 'text', text: value });

describe('planParts', () => {
  it('makes one part of a text, unchanged', () => {
    expect(planParts({ v: 1, text: ' Hello\r\nyou ' })).toEqual([text(' Hello\r\nyou ')]);
  });

  it.each([undefined, '', '   ', '\n\t', '\u00a0'])('makes none of %j', (value) => {
    expect(planParts({ v: 1, text: value })).toEqual([]);
  });

  it('has a part exactly when there is something to read', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(planParts({ v: 1, text: value })).toEqual(value.trim() === '' ? [] : [text(value)]);
      }),
    );
  });
});

describe('echoText', () => {
  it('is the same whatever a gateway does to line ends and to white space around', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (lines) => {
        const [unix, dos, mac] = ['\n', '\r\n', '\r'].map((end) => lines.join(end));
        expect(echoText(text(dos!))).toBe(echoText(text(mac!)));
        expect(echoText(text(`  ${unix!}\n`))).toBe(echoText(text(unix!)));
      }),
    );
  });

  it('tells other words, other case and other kinds apart', () => {
    const attachment = { url: 'https://files.example.com/a.png' };
    const all = [
      text('Hello'),
      text('hello'),
      text('Hello!'),
      text('Hel lo'),
      { kind: 'media' as const, attachment, caption: 'Hello' },
    ];
    expect(new Set(all.map(echoText)).size).toBe(all.length);
  });

  it('knows a file by its caption', () => {
    const attachment = { url: 'https://files.example.com/a.png' };
    expect(echoText({ kind: 'media', attachment })).toBe('media|');
    expect(echoText({ kind: 'media', attachment, caption: ' A cat ' })).toBe('media|A cat');
  });
});
