import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { createBlindIndex } from '../../src/crypto/blindIndex';
import { equalSecret, hashSecret, randomId, randomSecret } from '../../src/crypto/secrets';

const KEY = Buffer.alloc(32, 3);

test('equal texts have one index, different texts different ones', () => {
  const { index } = createBlindIndex(KEY);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(index(a) === index(b)).toBe(a === b);
      expect(index(a)).toMatch(/^[\w-]{32}$/);
    }),
  );
});

test('an index depends on the key, and is not made with the key itself', () => {
  const text = 'whatsapp|+60123456789';
  const { index } = createBlindIndex(KEY);
  expect(index(text)).toBe(createBlindIndex(KEY).index(text));
  expect(index(text)).not.toBe(createBlindIndex(Buffer.alloc(32, 4)).index(text));
  expect(createHmac('sha256', KEY).update(text).digest('base64url')).not.toContain(index(text));
});

test('secrets compare by their whole content, whatever their lengths', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(equalSecret(a, a)).toBe(true);
      expect(equalSecret(a, b)).toBe(a === b);
      expect(equalSecret(a, `${a}x`)).toBe(false);
    }),
  );
});

test('a random secret has the asked bytes and comes once', () => {
  expect(Buffer.from(randomSecret(), 'base64url')).toHaveLength(32);
  expect(Buffer.from(randomSecret(16), 'base64url')).toHaveLength(16);
  expect(new Set(Array.from({ length: 100 }, () => randomSecret())).size).toBe(100);
});

test('a hash is the SHA-256 and does not hold the secret', () => {
  const secret = randomSecret();
  expect(hashSecret(secret)).toBe(createHash('sha256').update(secret).digest('base64url'));
  expect(hashSecret(secret)).toHaveLength(43);
});

test('an id is safe in addresses and workflow ids and has one case', () => {
  const ids = Array.from({ length: 100 }, () => randomId('conn'));
  expect(new Set(ids).size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^conn_[0-9a-f]{32}$/);
});
