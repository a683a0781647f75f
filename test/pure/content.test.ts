import fc from 'fast-check';
import { echoOfContent, echoText } from '../../src/domain/content';
import { guardText } from '../../src/channels/whatsapp/guardText';

const text = (value: string) => ({ kind: 'text' as const, text: value });

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
    const all = [
      text('Hello'),
      text('hello'),
      text('Hello!'),
      text('Hel lo'),
      { kind: 'media', text: 'Hello' } as const,
    ];
    expect(new Set(all.map(echoText)).size).toBe(all.length);
  });

  it('is that of the text as it was typed, however it was guarded on its way', () => {
    const typed = fc.array(fc.constantFrom('{', '}', '|', '%', 'name', ' ', 'https://x.example/%E4%BD%A0', '\n'));
    fc.assert(
      fc.property(typed, (pieces) => {
        const words = pieces.join('');
        expect(echoText(text(guardText(words)))).toBe(echoText(text(words)));
      }),
    );
  });
});

describe('echoOfContent', () => {
  it('knows a file by its caption, not by the words that stand for it', () => {
    expect(echoOfContent({ v: 1, text: '[image] A cat', media: { kind: 'image', caption: 'A cat' } })).toEqual({
      kind: 'media:image',
      text: 'A cat',
    });
    expect(echoOfContent({ v: 1, text: '[image]', media: { kind: 'image' } })).toEqual({
      kind: 'media:image',
      text: '',
    });
    expect(echoOfContent({ v: 1, text: 'A cat' })).toEqual(text('A cat'));
  });

  it('tells a document from a sound, and a sound not from a film: gateways confuse those', () => {
    const kindOf = (kind: string) => echoOfContent({ v: 1, media: { kind } }).kind;
    expect(kindOf('document')).not.toBe(kindOf('audio'));
    expect(kindOf('audio')).toBe(kindOf('video'));
  });
});
