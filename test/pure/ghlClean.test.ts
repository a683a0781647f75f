import fc from 'fast-check';
import { cleanErrors, cleanText, privateValuesOf } from '../../src/ghl/clean';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';

describe('cleanText', () => {
  it.each([
    ['phone +60 12-345 6789 is bad', 'phone [number] is bad'],
    ['phone=60123456789', 'phone=[number]'],
    ['+1 (888) 888-8888', '[number]'],
    ['number %2B60123456789 twice', 'number %2B[number] twice'],
    ['mail a.b@example.com, please', 'mail [e-mail] please'],
    ['cannot fetch https://cdn.example/x?sig=1 now', 'cannot fetch [address] now'],
    [`token ${TOKEN} expired`, 'token [secret] expired'],
    ['Bearer abc expired', '[secret] expired'],
    ['0123456789abcdef0123456789abcdef', '[secret]'],
    ['contact ve9EPM428h8vShlRW1KT is gone', 'contact ve9EPM428h8vShlRW1KT is gone'],
    ['property x should not exist', 'property x should not exist'],
  ])('%s', (text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });

  it('takes out what we had sent, the longest first', () => {
    expect(cleanText('body "Hello Ann" and Ann', ['Ann', 'Hello Ann'])).toBe('body "[value]" and [value]');
  });

  it('cuts', () => {
    expect(cleanText('word '.repeat(1_000))).toHaveLength(201);
    expect(cleanErrors(Array<string>(50).fill('x'), [])).toHaveLength(10);
  });

  it('never lets a phone number through, however it is written', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 7, maxLength: 15 });
    const gap = fc.constantFrom('', ' ', '-', '.', ') ');
    fc.assert(
      fc.property(digits, gap, fc.lorem(), fc.lorem(), (number, between, before, after) => {
        const clean = cleanText(`${before} +${number.join(between)} ${after}`.slice(-150));
        expect(clean.replace(/\D/g, '')).toBe('');
      }),
    );
  });
});

describe('privateValuesOf', () => {
  it('names every value but ids and enumeration words', () => {
    const json = { type: 'SMS', contactId: 'c123', message: 'words', attachments: ['one', 'two'], name: 'Al' };
    const form = { client_id: 'app', client_secret: 'shh', grant_type: 'refresh_token' };
    expect(privateValuesOf({ accessToken: 'tok' }, undefined, json, form)).toEqual([
      'tok',
      'words',
      'one',
      'two',
      'shh',
    ]);
  });

  it('names them in every spelling that GHL may quote', () => {
    expect(privateValuesOf({ message: 'a "b"\n+' })).toEqual([
      'a "b"\n+',
      'a \\"b\\"\\n+',
      'a \\\\\\"b\\\\\\"\\\\n+',
      'a%20%22b%22%0A%2B',
      'a+%22b%22%0A%2B',
    ]);
  });
});
