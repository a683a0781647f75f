import fc from 'fast-check';
import { echoOfContent, type Content } from '../../src/domain/content';
import { echoOfPart, inboundParts, partOf, planParts, type PartLimits, type Prepared } from '../../src/domain/parts';
import { LIMITS } from '../support/partLimits';

const url = (n: number): { url: string } => ({ url: `https://files.example.com/${n}` });
const contentOf = (text: string, files: number): Content => ({
  v: 1,
  text,
  ...(files > 0 && { attachments: Array.from({ length: files }, (_, n) => url(n)) }),
});
const image = (n: number): Prepared => ({ kind: 'image', mediaId: `m${n}` });

const preparedOf: fc.Arbitrary<Prepared[]> = fc
  .array(fc.constantFrom<Prepared['kind'][]>('image', 'video', 'audio', 'document', 'link'), { maxLength: 12 })
  .map((kinds) => kinds.map((kind, n) => (kind === 'link' ? { kind } : { kind, mediaId: `m${n}` })));
const small: PartLimits = {
  text: { units: 40, encodedBytes: 200 },
  caption: { units: 12, encodedBytes: 60 },
};

describe('planParts', () => {
  it('makes one part of a text, unchanged', () => {
    const content = contentOf(' Hello\r\nyou ', 0);
    expect(planParts(content, LIMITS, null).map((spec) => partOf(content, spec))).toEqual([
      { kind: 'text', text: ' Hello\r\nyou ' },
    ]);
  });

  it.each([undefined, '', '   ', '\n\t', '\u00a0'])('makes none of %j', (text) => {
    expect(planParts({ v: 1, text }, LIMITS, null)).toEqual([]);
  });

  it('puts the text under the first file, and the files behind it in order', () => {
    const content = contentOf('Our prices', 3);
    const specs = planParts(content, LIMITS, [image(0), image(1), image(2)]);
    expect(specs.map((spec) => partOf(content, spec))).toEqual([
      { kind: 'media', attachment: 0, mediaId: 'm0', caption: 'Our prices' },
      { kind: 'media', attachment: 1, mediaId: 'm1' },
      { kind: 'media', attachment: 2, mediaId: 'm2' },
    ]);
  });

  it('sends the text ahead of a voice note, which shows none', () => {
    const content = contentOf('Listen', 1);
    const specs = planParts(content, LIMITS, [{ kind: 'audio', mediaId: 'm0' }]);
    expect(specs.map(({ kind }) => kind)).toEqual(['text', 'media']);
  });

  it('goes on behind the first file with a text that is too long for it', () => {
    const content = contentOf('one two three four five six', 2);
    const specs = planParts(content, small, [image(0), image(1)]);
    expect(specs.map(({ kind }) => kind)).toEqual(['media', 'text', 'media']);
    expect(partOf(content, specs[0]!)).toMatchObject({ caption: 'one two ' });
    expect(partOf(content, specs[1]!)).toMatchObject({ text: 'three four five six' });
  });

  it('sends the address of a file that can not be sent, under the text', () => {
    const content = contentOf('The film', 1);
    const [spec] = planParts(content, LIMITS, [{ kind: 'link' }]);
    expect(partOf(content, spec!)).toEqual({ kind: 'text', text: `The film\n${url(0).url}` });
  });

  it('sends a template by its name alone', () => {
    const content: Content = { v: 1, template: 'welcome', text: 'ignored' };
    const specs = planParts(content, LIMITS, null);
    expect(specs.map((spec) => partOf(content, spec))).toEqual([{ kind: 'template', name: 'welcome' }]);
  });

  it('drops nothing: every word once and in order, every file once and in order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('word', ' ', '\n', '\u{1F370}')), preparedOf, (words, prepared) => {
        const content = contentOf(words.join(''), prepared.length);
        const specs = planParts(content, small, prepared);
        const said = specs.flatMap((spec) => {
          const slice = spec.kind === 'text' ? spec.slice : spec.kind === 'template' ? undefined : spec.caption;
          return slice === undefined ? [] : [(content.text ?? '').slice(...slice)];
        });
        expect(said.join('').replace(/\s/g, '')).toBe((content.text ?? '').replace(/\s/g, ''));
        const files = specs.flatMap((spec) => ('attachment' in spec ? [spec.attachment] : []));
        expect(files).toEqual(prepared.map((_, n) => n));
      }),
    );
  });

  it('keeps what it planned through the store', () => {
    fc.assert(
      fc.property(preparedOf, (prepared) => {
        const content = contentOf('some words of a text that is cut', prepared.length);
        for (const spec of planParts(content, small, prepared)) {
          expect(partOf(content, JSON.parse(JSON.stringify(spec)) as typeof spec)).toEqual(partOf(content, spec));
        }
      }),
    );
  });
});

test('a file that was not prepared is never sent', () => {
  const content = contentOf('', 1);
  const [spec] = planParts(content, LIMITS, null);
  expect(() => partOf(content, spec!)).toThrow('Missing');
});

test('the echo of a file is looked for by what it is shown as and by its caption', () => {
  const content = contentOf('Hello', 1);
  const [spec] = planParts(content, LIMITS, [image(0)]);
  const echo = echoOfContent({ v: 1, text: '[image] Hello', media: { kind: 'image', caption: 'Hello' } });
  expect(echoOfPart(content, spec!)).toEqual(echo);
});

test('what arrives is posted as one', () => {
  expect(inboundParts({ v: 1, text: 'x'.repeat(9000) })).toEqual([{ kind: 'text', slice: [0, 9000] }]);
  expect(inboundParts({ v: 1 })).toEqual([]);
});
