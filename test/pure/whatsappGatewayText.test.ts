import fc from 'fast-check';
import { cleanGatewayText } from '../../src/channels/whatsapp/gatewayText';

test.each([
  ['Cannot send to 60123456789', 'Cannot send to [number]'],
  ['Cannot send to +60 12-345 67 89!', 'Cannot send to [number]!'],
  ['Unknown 60123456789:3@s.whatsapp.net', 'Unknown [contact]'],
  ['GET https://host/api/send.php?access_token=abc failed', 'GET [address] failed'],
  ['Token 0123456789abcdef0123456789abcdef is bad', 'Token [id] is bad'],
  ['Instance 609ACF283ABCD is bad', 'Instance [id] is bad'],
  ['<b>Fatal</b>\n\terror\u0000', 'Fatal error'],
  ['Wait 24 hours, then 3 times', 'Wait 24 hours, then 3 times'],
])('%j is shown as %j', (raw, shown) => {
  expect(cleanGatewayText(raw)).toBe(shown);
});

test('known private texts are replaced wherever they stand, but not short ones', () => {
  expect(cleanGatewayText('Hello Bob, tok-1 is no', ['Hello Bob', 'tok-1', 'is', ''])).toBe(
    '[private], [private] is no',
  );
});

test('no secret, no long number and no more than a line of 200 characters comes out', () => {
  const digits = fc.bigInt({ min: 1_000_000n, max: 999_999_999_999_999n }).map(String);
  const secret = fc.stringMatching(/^[A-Za-z0-9]{8,40}$/);
  fc.assert(
    fc.property(fc.string(), digits, secret, fc.string({ maxLength: 300 }), (before, number, token, after) => {
      const shown = cleanGatewayText(`${before} ${number} ${token}${after}`, [token]);
      expect(shown).not.toContain(number);
      expect(shown).not.toContain(token);
      expect(shown.length).toBeLessThanOrEqual(200);
      expect(shown).not.toMatch(/[\r\n]/);
    }),
    { numRuns: 2000 },
  );
});

test('a gateway that quotes the beginning of what it refuses shows nothing of it', () => {
  const text = 'Dear Anna, your test result is ready at the clinic.';
  const shown = cleanGatewayText('Invalid message: "Dear Anna, your test re..." refused', [text]);
  expect(shown).toBe('Invalid message: "[private]..." refused');
  const piece = fc
    .tuple(fc.nat({ max: 30 }), fc.integer({ min: 10, max: 40 }))
    .map(([at, size]) => text.slice(at, at + size));
  fc.assert(
    fc.property(piece, (quoted) => {
      expect(cleanGatewayText(`Bad: ${quoted}`, [text])).not.toContain(quoted);
    }),
  );
});
