import { stripVTControlCharacters } from 'node:util';
import { createPrinter, type Output, type Printer } from '../../src/quickstart/printer';

function printed(tell: (printer: Printer) => void, hasColors?: Output['hasColors']): string {
  let text = '';
  tell(createPrinter({ write: (more) => (text += more), ...(hasColors && { hasColors }) }));
  return text;
}

function story(printer: Printer): void {
  printer.table('Addresses', [
    ['bridge', 'http://b'],
    ['log', 'x.log'],
  ]);
  printer.stepBegins(1, 'An agent writes');
  printer.stepDone(1_234, ['On the phone.', 'Once.'], 'http://ui/wf');
  printer.stepBegins(2, 'The customer answers');
  printer.stepFailed('waited 5 s for the answer', ['number lost']);
}

describe('the printer of the quickstart', () => {
  it('tells the story in plain text', () => {
    expect(printed(story)).toBe(
      [
        '',
        'Addresses',
        '',
        '  bridge  http://b',
        '  log     x.log',
        '',
        '1  An agent writes',
        '   ✓ On the phone. (1.2 s)',
        '     Once.',
        '     http://ui/wf',
        '',
        '2  The customer answers',
        '   ✗ did not happen: waited 5 s for the answer',
        '     not tried after that: number lost',
        '',
      ].join('\n'),
    );
  });

  it('says the same in colour, and only where there are colours', () => {
    const coloured = printed(story, () => true);
    expect(coloured).not.toBe(printed(story));
    expect(stripVTControlCharacters(coloured)).toBe(printed(story));
    expect(printed(story, () => false)).toBe(printed(story));
  });
});
