import fc from 'fast-check';
import { readToken, signFile } from '../../src/media/address';
import { randomId } from '../../src/crypto/secrets';

const KEY = Buffer.alloc(32, 7);
const NOW = 1_800_000_000_000;
const mediaId = randomId('media');
const name = 'price list.pdf';
const token = signFile(KEY, { mediaId, name, expiresAt: NOW + 1 });

describe('the token of an address', () => {
  it('names its file until it expires', () => {
    expect(readToken(KEY, token, name, NOW)).toBe(mediaId);
    expect(readToken(KEY, token, name, NOW + 1)).toBeNull();
  });

  it('is worth nothing under another name or key', () => {
    expect(readToken(KEY, token, 'price list.exe', NOW)).toBeNull();
    expect(readToken(Buffer.alloc(32, 8), token, name, NOW)).toBeNull();
  });

  it('can not be given another file or a longer life', () => {
    const [, expiry, mac] = token.split('.');
    expect(readToken(KEY, `${randomId('media')}.${expiry}.${mac}`, name, NOW)).toBeNull();
    expect(readToken(KEY, `${mediaId}.${(NOW + 1e9).toString(36)}.${mac}`, name, NOW)).toBeNull();
    expect(readToken(KEY, `${mediaId}.${expiry!.toUpperCase()}.${mac}`, name, NOW)).toBeNull();
  });

  it('holds for every file, name and time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.integer({ min: 1, max: 1e14 }),
        fc.nat(),
        (any, expiresAt, late) => {
          const made = signFile(KEY, { mediaId, name: any, expiresAt });
          expect(readToken(KEY, made, any, expiresAt - 1)).toBe(mediaId);
          expect(readToken(KEY, made, any, expiresAt + late)).toBeNull();
          expect(encodeURIComponent(made)).toBe(made);
        },
      ),
    );
  });

  it('breaks with every change of a character', () => {
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        fc.pre(token[at] !== character);
        const changed = token.slice(0, at) + character + token.slice(at + 1);
        expect(readToken(KEY, changed, name, NOW)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it('is not to be found in any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (any) => readToken(KEY, any, name, NOW) === null));
  });
});
