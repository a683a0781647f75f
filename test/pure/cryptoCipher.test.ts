import { createCipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createCipher } from '../../src/crypto/cipher';
import { createKeyRing, deriveKey, type RingKey } from '../../src/crypto/keyRing';
import { DomainError } from '../../src/domain/errors';

const A: RingKey = { id: 'a', key: Buffer.alloc(32, 1) };
const B: RingKey = { id: 'b', key: Buffer.alloc(32, 2) };
const cipher = createCipher(createKeyRing([A]));
const anyText = fc.string({ unit: 'binary', maxLength: 200 });
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function expectUnreadable(act: () => unknown): void {
  let thrown: unknown;
  try {
    act();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(DomainError);
  expect(thrown).toEqual(expect.objectContaining({ code: 'sealed_unreadable', retry: 'never' }));
}

test('what is sealed opens for its identity', () => {
  fc.assert(
    fc.property(anyText, anyText, (plain, identity) => {
      expect(cipher.open(cipher.seal(plain, identity), identity)).toBe(plain);
    }),
  );
});

test('it opens for no other identity', () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, (plain, identity, other) => {
      fc.pre(identity !== other);
      const sealed = cipher.seal(plain, identity);
      expectUnreadable(() => cipher.open(sealed, other));
    }),
  );
});

test('any character changed, added or taken away is noticed', () => {
  fc.assert(
    fc.property(anyText, fc.nat(), fc.constantFrom(...BASE64URL, '.', '=', ' '), (plain, position, character) => {
      const sealed = cipher.seal(plain, 'row');
      const at = position % sealed.length;
      fc.pre(sealed[at] !== character);
      const head = sealed.slice(0, at);
      for (const changed of [
        head + character + sealed.slice(at + 1),
        head + character + sealed.slice(at),
        head + sealed.slice(at + 1),
        head,
      ]) {
        if (changed !== sealed) expectUnreadable(() => cipher.open(changed, 'row'));
      }
    }),
  );
});

test('the spare bits of the last character are no free choice', () => {
  const sealed = cipher.seal('x', 'row');
  const last = BASE64URL.indexOf(sealed.at(-1) ?? '');
  const sameBytes = sealed.slice(0, -1) + BASE64URL[last ^ 1];
  expect(Buffer.from(sameBytes.split('.').at(-1) ?? '', 'base64url')).toEqual(
    Buffer.from(sealed.split('.').at(-1) ?? '', 'base64url'),
  );
  expectUnreadable(() => cipher.open(sameBytes, 'row'));
});

test('a shortened tag is refused', () => {
  const [version, id, iv, tag = '', text] = cipher.seal('hello', 'row').split('.');
  const short = Buffer.from(tag, 'base64url').subarray(0, 4).toString('base64url');
  expectUnreadable(() => cipher.open([version, id, iv, short, text].join('.'), 'row'));
});

test('the sealed text shows nothing of the plain one and is never the same twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 6 }), (plain) => {
      const sealed = cipher.seal(plain, 'row');
      expect(sealed).toMatch(/^v1\.a\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
      const bytes = sealed.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
      for (const form of [plain, Buffer.from(plain).toString('base64url')]) {
        expect([sealed, ...bytes].some((text) => text.includes(form))).toBe(false);
      }
      expect(cipher.seal(plain, 'row')).not.toBe(sealed);
    }),
  );
});

describe('rotation', () => {
  const rotated = createCipher(createKeyRing([B, A]));

  test('the first key seals, the second still opens', () => {
    fc.assert(
      fc.property(anyText, (plain) => {
        const old = cipher.seal(plain, 'row');
        expect(rotated.open(old, 'row')).toBe(plain);
        expect([rotated.keyIdOf(old), rotated.isCurrent(old)]).toEqual(['a', false]);
        const anew = rotated.seal(plain, 'row');
        expect([rotated.keyIdOf(anew), rotated.isCurrent(anew)]).toEqual(['b', true]);
        expectUnreadable(() => cipher.open(anew, 'row'));
      }),
    );
  });

  test('a key that is gone, and one of the same name, do not open', () => {
    const sealed = cipher.seal('hello', 'row');
    expectUnreadable(() => createCipher(createKeyRing([B])).open(sealed, 'row'));
    expectUnreadable(() => createCipher(createKeyRing([{ id: 'a', key: B.key }])).open(sealed, 'row'));
  });

  test('a text is not passed off as sealed by a namesake of its key', () => {
    const twin = createCipher(createKeyRing([A, { id: 'c', key: A.key }]));
    const renamed = twin.seal('hello', 'row').replace('v1.a.', 'v1.c.');
    expectUnreadable(() => twin.open(renamed, 'row'));
  });
});

test('the master key itself seals nothing', () => {
  const iv = randomBytes(12);
  const raw = createCipheriv('aes-256-gcm', A.key, iv).setAAD(Buffer.from('v1.a|row'));
  const text = Buffer.concat([raw.update('hello'), raw.final()]);
  const forged = ['v1', 'a', ...[iv, raw.getAuthTag(), text].map((bytes) => bytes.toString('base64url'))].join('.');
  expectUnreadable(() => cipher.open(forged, 'row'));
});

test('what is no sealed text is refused by all', () => {
  for (const text of ['', 'hello', 'v1.a..', 'v2.a.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA.AAAA', 'v1.a.b.c.d.e']) {
    expectUnreadable(() => cipher.open(text, 'row'));
    expectUnreadable(() => cipher.keyIdOf(text));
    expectUnreadable(() => cipher.isCurrent(text));
  }
});

describe('a key ring', () => {
  test.each<[string, RingKey[]]>([
    ['without keys', []],
    ['with a short key', [{ id: 'a', key: Buffer.alloc(16) }]],
    ['with one id twice', [A, { ...B, id: 'a' }]],
    ['with an id that breaks the format', [{ ...A, id: 'a.b' }]],
    ['with an empty id', [{ ...A, id: '' }]],
  ])('%s is refused', (_, keys) => expect(() => createKeyRing(keys)).toThrow(DomainError));
});

test('keys for different purposes differ and are stable', () => {
  expect(deriveKey(A.key, 'x')).toEqual(deriveKey(A.key, 'x'));
  expect(deriveKey(A.key, 'x')).not.toEqual(deriveKey(A.key, 'y'));
  expect(deriveKey(A.key, 'x')).not.toEqual(deriveKey(B.key, 'x'));
});
