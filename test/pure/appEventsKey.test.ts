import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { GHL_LEGACY_KEY, rsaPublicKey } from '../../src/config/parsers/publicKeys';
import { verifyLegacySignature } from '../../src/ghl/signature';

const [ours, other] = [2048, 2048].map((modulusLength) => generateKeyPairSync('rsa', { modulusLength }));
const ed25519 = generateKeyPairSync('ed25519');
const raw = Buffer.from('{ "type":"INSTALL", "n":1.0 }');
const signed = (by = ours!, bytes = raw): string => sign('sha256', bytes, by.privateKey).toString('base64');
const verdict = (over: { raw?: Buffer; header?: string; key?: ReturnType<typeof createPublicKey> } = {}) =>
  verifyLegacySignature({ raw, header: signed(), key: ours!.publicKey, ...over });

test("the default is GHL's published key of 4096 bits", () => {
  const der = createPublicKey(GHL_LEGACY_KEY).export({ type: 'spki', format: 'der' });
  expect(createHash('sha256').update(der).digest('hex')).toBe(
    '2f62045d413b1b7747e26770ce7f57840cbf86288cd20ceb90d299a62501fd25',
  );
  expect(createPublicKey(GHL_LEGACY_KEY).asymmetricKeyDetails?.modulusLength).toBe(4096);
});

test('the setting takes an RSA key, with line ends as env files write them, and nothing else', () => {
  const pem = (key: typeof ours) => key!.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  expect(rsaPublicKey.safeParse(pem(ours).replaceAll('\n', '\\n')).success).toBe(true);
  const wrong = ed25519.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  for (const text of [wrong, 'x', '']) expect(rsaPublicKey.safeParse(text).success).toBe(false);
});

test('an old signature fits the raw bytes and the key, or it does not', () => {
  expect(verdict()).toBe('valid');
  expect(verdict({ raw: Buffer.from(JSON.stringify(JSON.parse(raw.toString()))) })).toBe('invalid');
  expect(verdict({ header: signed(other) })).toBe('invalid');
  expect(verdict({ key: ed25519.publicKey })).toBe('invalid');
  for (const header of ['', 'N/A']) expect(verdict({ header })).toBe('missing');
});

test('whatever stands in the header is refused, and nothing throws', () => {
  fc.assert(
    fc.property(fc.base64String({ minLength: 300, maxLength: 700 }), fc.string(), (base64, text) => {
      for (const header of [base64, text]) expect(verdict({ header })).not.toBe('valid');
    }),
  );
});
