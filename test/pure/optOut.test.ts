import fc from 'fast-check';
import type { Content } from '../../src/domain/content';
import { optOutOf, stateAfterWord, wordOfContent } from '../../src/domain/optOut';
import { DEFAULT_CONFIRMATION, DEFAULT_WORDS } from '../../src/domain/optOutWords';

const said = (text: string) => optOutOf(text, DEFAULT_WORDS);

describe('a word that opts out', () => {
  it.each([
    'STOP',
    ' stop. ',
    '"Stop!!!"',
    'Stop 🙏',
    '🛑 STOP 🛑',
    'ＳＴＯＰ',
    'st\u200bop',
    'Unsubscribe',
    'stop   all',
    'Opt-Out',
    'BERHENTI',
    'Baja',
    'cancelar suscripcion',
    'SAIR',
    'Abmelden',
    'arret',
    'ARRÊT',
    'désabonner',
    'СТОП',
    'إلغاء الاشتراك',
    'تَوَقَّف',
    '退订',
    '停止。',
    'रोकें',
    'หยุด',
    'dừng',
  ])('%s', (text) => expect(said(text)).toBe('stop'));

  it.each(['START', 'start.', 'Unstop', 'MULA', 'alta', 'Démarrer', '开始', 'ابدأ'])(
    'and one that takes it back: %s',
    (text) => expect(said(text)).toBe('start'),
  );

  it.each([
    '',
    '...',
    '🛑',
    'please stop by at five',
    'Where is the bus stop?',
    'stopp es nicht, bitte',
    'non-stop',
    'stop\nI mean it, or rather not',
    'STOPS',
    'no',
    'yes',
  ])('and none: %j', (text) => expect(said(text)).toBeNull());

  it("is a location's own in place of ours, and a stop where it stands in both lists", () => {
    expect(optOutOf('Tak Nak!', { stop: ['tak nak'], start: [] })).toBe('stop');
    expect(optOutOf('stop', { stop: ['tak nak'], start: [] })).toBeNull();
    expect(optOutOf('hop', { stop: ['hop'], start: ['hop'] })).toBe('stop');
  });

  it('is never found in a longer text, nor missed behind punctuation, case and accents', () => {
    const around = fc.string({
      unit: fc.constantFrom(' ', '.', '!', '?', '"', '*', '_', '🛑', '\u200b', '\n'),
      maxLength: 5,
    });
    const word = fc.constantFrom(...DEFAULT_WORDS.stop);
    fc.assert(
      fc.property(around, word, around, fc.boolean(), (before, stop, behind, loud) => {
        expect(said(`${before}${loud ? stop.toUpperCase() : stop}${behind}`)).toBe('stop');
        expect(said(`${before}${stop} tomorrow${behind}`)).toBeNull();
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => ['stop', 'start', null].includes(said(text))));
  });

  it('stands in one default list only, and in no confirmation', () => {
    for (const word of DEFAULT_WORDS.start) expect([word, said(word)]).toEqual([word, 'start']);
    expect(said(DEFAULT_CONFIRMATION)).toBeNull();
  });
});

describe('what may be such a word', () => {
  const from = { channel: 'whatsapp', value: '+60123456789' } as const;
  const content: Content = { v: 1, text: 'STOP' };

  it('is what one person wrote, not a group, nor the words under a file', () => {
    expect(wordOfContent(from, content)).toBe('STOP');
    expect(wordOfContent({ ...from, value: '1203@g.us' }, content)).toBeNull();
    expect(wordOfContent(from, { ...content, media: { kind: 'image' } })).toBeNull();
    expect(wordOfContent(from, { ...content, file: { kind: 'image', mediaKey: 'k' } })).toBeNull();
    expect(wordOfContent(from, { v: 1, text: '> Our offer\nSTOP', replyTo: 'X' })).toBe('STOP');
    expect(wordOfContent(from, { v: 1 })).toBeNull();
  });
});

describe('what a word changes', () => {
  it.each([
    ['a stop', null, 'stop', 5, 'out'],
    ['a start of somebody who never left', null, 'start', 5, null],
    ['a second stop', { state: 'out', saidAt: 5 }, 'stop', 6, null],
    ['a start', { state: 'out', saidAt: 5 }, 'start', 6, 'in'],
    ['a start of the same second', { state: 'out', saidAt: 5 }, 'start', 5, 'in'],
    ['an older start that comes late', { state: 'out', saidAt: 5 }, 'start', 4, null],
    ['a stop after a start', { state: 'in', saidAt: 5 }, 'stop', 6, 'out'],
    ['an older stop that comes late', { state: 'in', saidAt: 5 }, 'stop', 4, null],
  ] as const)('%s', (_what, known, word, at, state) => expect(stateAfterWord(known, word, at)).toBe(state));
});
