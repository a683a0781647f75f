import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { verifyGhlSignature } from '../../src/ghl/signature';

const [ours, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
/** So short that its signatures have the length of an Ed25519 one. */
const rsa = generateKeyPairSync('rsa', { modulusLength: 512 });

/** Bytes that a JSON parser and writer would change: spaces, an escape, a trailing zero. */
const raw = Buffer.from('{ "type":"INSTALL", "name":"caf\\u00e9", "n":1.0 }');
const header = sign(null, raw, ours.privateKey).toString('base64');
const verdict = (over: Partial<Parameters<typeof verifyGhlSignature>[0]>) =>
  verifyGhlSignature({ raw, header, keys: [ours.publicKey], ...over });

describe('verifyGhlSignature', () => {
  it('takes the signature of the raw bytes', () => {
    expect(verdict({})).toBe('valid');
  });

  it('takes any of several keys, whatever stands beside it', () => {
    expect(verdict({ keys: [rsa.publicKey, other.publicKey, ours.publicKey] })).toBe('valid');
  });

  it('refuses the same JSON written anew, and another body', () => {
    expect(verdict({ raw: Buffer.from(JSON.stringify(JSON.parse(raw.toString()))) })).toBe('invalid');
    expect(verdict({ raw: Buffer.from('{}') })).toBe('invalid');
    expect(verdict({ raw: Buffer.alloc(0) })).toBe('invalid');
  });

  it('refuses another key, no key and a key of another kind', () => {
    expect(verdict({ keys: [other.publicKey] })).toBe('invalid');
    expect(verdict({ keys: [] })).toBe('invalid');
    const byRsa = sign(null, raw, rsa.privateKey).toString('base64');
    expect(verdict({ keys: [rsa.publicKey], header: byRsa })).toBe('invalid');
  });

  it.each([undefined, '', '  ', 'N/A'])('calls %p missing', (absent) => {
    expect(verdict({ header: absent })).toBe('missing');
  });

  it.each([
    ['a prefix', `ed25519=${header}`],
    ['two signatures', `${header}, ${header}`],
    ['hex', Buffer.from(header, 'base64').toString('hex')],
    ['a byte more', Buffer.concat([Buffer.from(header, 'base64'), Buffer.from([0])]).toString('base64')],
    ['no padding', header.replace(/=+$/, '')],
    ['64 zero bytes', Buffer.alloc(64).toString('base64')],
  ])('refuses %s', (_what, garbage) => {
    expect(verdict({ header: garbage })).toBe('invalid');
  });

  it('never throws and never takes what was not signed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.uint8Array(), (text, bytes) => {
        fc.pre(!raw.equals(bytes));
        expect(verdict({ header: text })).not.toBe('valid');
        expect(verdict({ raw: Buffer.from(bytes) })).toBe('invalid');
      }),
    );
  });

  it('works with the form of key that GHL publishes', () => {
    const pem =
      '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=\n-----END PUBLIC KEY-----';
    expect(verdict({ keys: [createPublicKey(pem)] })).toBe('invalid');
    expect(verdict({ keys: [createPublicKey(pem), ours.publicKey] })).toBe('valid');
  });
});
