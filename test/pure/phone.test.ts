import fc from 'fast-check';
import { getCountries, getExampleNumber } from 'libphonenumber-js/min';
import examples from 'libphonenumber-js/examples.mobile.json';
import { isRegion, parsePhone, type CountryCode } from '../../src/domain/phone';

/** One real mobile number of every country whose numbers are long enough for WhatsApp. */
const MOBILES = getCountries().flatMap((country) => {
  const number = getExampleNumber(country, examples);
  const usable = number !== undefined && number.number.length >= 9;
  return usable ? [{ country, international: number.number, national: number.formatNational() }] : [];
});

const anyMobile = fc.constantFrom(...MOBILES);
const anyRegion = fc.constantFrom(...getCountries());
const anyFormatting = fc.constantFrom('', ' ', '-', '.', ' (', ') ', '\u00a0', '\u202a', '\u2013');

describe('a number with country code', () => {
  test('is never changed, whatever the region, the prefix and the formatting', () => {
    fc.assert(
      fc.property(
        anyMobile,
        anyRegion,
        fc.constantFrom('+', '00', '＋'),
        fc.array(anyFormatting, { minLength: 15, maxLength: 15 }),
        ({ international }, region, prefix, marks) => {
          const digits = international.slice(1);
          const written = prefix + Array.from(digits, (digit, index) => `${marks[index % 15] ?? ''}${digit}`).join('');
          expect(parsePhone(written, region)).toEqual({ ok: true, value: international });
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['a trunk zero in brackets', '+44 (0)20 7946 0000', '+442079460000'],
    ['a trunk zero behind the code', '+60 012-345 6789', '+60123456789'],
    ["Italy's zero, which belongs to the number", '+39 06 1234 5678', '+390612345678'],
    ["Brazil's ninth digit", '+55 31 98765-4321', '+5531987654321'],
    ['Brazil without the ninth digit', '+55 31 8765-4321', '+553187654321'],
    ["Mexico's old 521", '+52 1 55 1234 5678', '+5215512345678'],
    ['Mexico without the 1', '+52 55 1234 5678', '+525512345678'],
    ["Argentina's 9", '+54 9 11 2345-6789', '+5491123456789'],
    ['a fictional number', '+1 555 555 0100', '+15555550100'],
    ['a link', 'tel:+60-12-345-6789', '+60123456789'],
  ])('keeps or mends %s', (_what, input, value) => {
    expect(parsePhone(input, 'MY')).toEqual({ ok: true, value });
  });
});

describe('a number without country code', () => {
  test("is read in its region's own notation", () => {
    fc.assert(
      fc.property(anyMobile, ({ country, international, national }) => {
        expect(parsePhone(national, country)).toEqual({ ok: true, value: international });
      }),
    );
  });

  test.each<[string, string, CountryCode, string]>([
    ['Malaysian', '012-345 6789', 'MY', '+60123456789'],
    ['Malaysian with its code but no plus', '60123456789', 'MY', '+60123456789'],
    ['American with its dialling-out prefix', '011 60 12 345 6789', 'US', '+60123456789'],
    ['American fictional', '(555) 555-0100', 'US', '+15555550100'],
    ['Brazilian', '(31) 98765-4321', 'BR', '+5531987654321'],
    ['Mexican old style without plus', '521 55 1234 5678', 'MX', '+5215512345678'],
    ['in Arabic digits', '٠١٢٣٤٥٦٧٨٩', 'MY', '+60123456789'],
  ])('%s', (_what, input, region, value) => {
    expect(parsePhone(input, region)).toEqual({ ok: true, value });
  });

  test.each(['6591234567', '447911123456', '14155552671', '8613800138000'])(
    'is refused, not made Malaysian, where it is a foreign one: %s',
    (input) => {
      expect(parsePhone(input, 'MY')).toMatchObject({ ok: false, code: 'phone_ambiguous' });
    },
  );
});

describe('what is no number', () => {
  test.each([
    ['', 'phone_missing'],
    ['  () ', 'phone_missing'],
    ['call me', 'phone_malformed'],
    ['0123456789 ext 5', 'phone_malformed'],
    ['0123456789, 0198765432', 'phone_malformed'],
    ['++60123456789', 'phone_malformed'],
    ['60123456789@c.us', 'phone_malformed'],
    ['+999123456789', 'phone_impossible'],
    ['+6012', 'phone_impossible'],
    ['+60123456789012345', 'phone_impossible'],
    ['999', 'phone_impossible'],
    ['+', 'phone_malformed'],
  ])('%j is refused as %s, in words without the number', (input, code) => {
    const result = parsePhone(input, 'MY');
    expect(result).toMatchObject({ ok: false, code });
    expect('message' in result ? result.message : '').not.toMatch(/\d/);
  });

  test('no text throws; what is accepted is E.164 and stays the same when parsed again', () => {
    const international = fc.stringMatching(/^\+[1-9]\d{6,15}$/);
    const digits = fc.string({ unit: fc.constantFrom(...Array.from('0123456789+- ')), maxLength: 20 });
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), digits, international),
        anyRegion,
        anyRegion,
        (input, region, other) => {
          const result = parsePhone(input, region);
          if (!result.ok) return;
          expect(result.value).toMatch(/^\+\d{8,15}$/);
          expect(parsePhone(result.value, other)).toEqual(result);
        },
      ),
      {
        numRuns: 5000,
        examples: [
          ['050000', 'CX', 'AC'],
          ['+86000000000', 'AC', 'AC'],
        ],
      },
    );
  });
});

test('regions are country codes in capitals', () => {
  expect([isRegion('MY'), isRegion('my'), isRegion('XX')]).toEqual([true, false, false]);
});
