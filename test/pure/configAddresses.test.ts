import { isLoopbackHost, operatorAddress, safeAddress, safeAddressWithQuery } from '../../src/config/parsers/address';
import { loadSettings } from '../../src/config/settings';

const accepts = (text: string): boolean => safeAddress.safeParse(text).success;

test('https is always allowed, plain http only for a loopback host', () => {
  for (const text of [
    'https://a.example',
    'http://127.0.0.1:8',
    'http://localhost',
    'http://[::1]:3',
    'http://127.9.9.9',
  ]) {
    expect([text, accepts(text)]).toEqual([text, true]);
  }
  for (const text of [
    'http://a.example',
    'http://10.0.0.1',
    'http://localhost.a.example',
    'http://127.0.0.1.a.example',
    'http://127.a.example',
    'http://0.0.0.0',
    'http://[::2]',
    'ftp://127.0.0.1',
    'localhost:3000',
    '//127.0.0.1',
  ]) {
    expect([text, accepts(text)]).toEqual([text, false]);
  }
});

test('other spellings of 127.0.0.1 are judged by what they mean', () => {
  expect(safeAddress.parse('http://0x7f.1:80/')).toBe('http://127.0.0.1');
  expect(isLoopbackHost('0x7f.1')).toBe(false);
});

test('user names, queries and fragments are refused, and the last slash goes', () => {
  for (const text of [
    'https://u@a.example',
    'https://:p@a.example',
    'https://a.example/?x=1',
    'https://a.example/#x',
  ]) {
    expect(accepts(text)).toBe(false);
  }
  expect(safeAddress.parse('https://A.example/base//')).toBe('https://a.example/base');
  expect(safeAddressWithQuery.parse('https://a.example/x?y=/')).toBe('https://a.example/x?y=/');
});

test('the operator may choose plain http for the gateway', () => {
  expect(operatorAddress.parse('http://10.1.2.3/api/')).toBe('http://10.1.2.3/api');
});

test.each(['PUBLIC_URL', 'GHL_API_URL', 'GHL_MARKETPLACE_URL', 'GHL_RESUME_URL'])(
  '%s keeps the rule in the sandbox and outside of it',
  (name) => {
    for (const BRIDGE_SANDBOX of ['0', '1']) {
      const env = {
        BRIDGE_SANDBOX,
        ENCRYPTION_KEYS: `k:${Buffer.alloc(32).toString('base64')}`,
        [name]: 'http://a.example',
      };
      expect(() => loadSettings(env)).toThrow(new RegExp(`${name}: must begin with https://`));
    }
  },
);
