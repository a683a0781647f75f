import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { encryptionKeys } from '../../src/config/parsers/encryptionKeys';
import { databaseUrl } from '../../src/config/parsers/database';
import { hostList } from '../../src/config/parsers/hostList';
import { quietHours } from '../../src/config/parsers/hours';
import { providerList } from '../../src/config/parsers/providers';
import { publicKeys } from '../../src/config/parsers/publicKeys';
import { region } from '../../src/config/parsers/region';
import { commaList, oneOf, trueOrFalse, wholeNumber } from '../../src/config/parsers/text';
import { warmupDaily } from '../../src/config/parsers/warmup';
import type { TextSchema } from '../../src/config/setting';
import { parsePace } from '../../src/domain/ruleTexts';

function valueOf<T>(schema: TextSchema<T>, text: string): T | 'refused' {
  const result = schema.safeParse(text);
  return result.success ? result.data : 'refused';
}

test('a pace is every min-max with min <= max, and no other text', () => {
  fc.assert(
    fc.property(fc.nat(3_600_000), fc.nat(3_600_000), (a, b) => {
      const expected = a <= b ? { minMs: a, maxMs: b } : undefined;
      expect(parsePace(`${a}-${b}`)).toEqual(expected);
    }),
  );
  for (const text of ['', '5000', '-1-5', '1-2-3', '1.5-2', '0-3600001', 'a-b'])
    expect(parsePace(text)).toBeUndefined();
});

test('whole numbers keep their bounds and refuse other spellings', () => {
  const schema = wholeNumber(1, 45_000);
  expect(['1', '45000', '0045'].map((text) => valueOf(schema, text))).toEqual([1, 45_000, 45]);
  for (const text of ['0', '45001', '-1', '1e3', '1.0', '0x10', ' 1', '', '9'.repeat(40)]) {
    expect(valueOf(schema, text)).toBe('refused');
  }
});

test('quiet hours may run over midnight; equal or impossible times are refused', () => {
  expect(valueOf(quietHours, '21:30-07:05')).toEqual({ fromMinute: 1_290, toMinute: 425 });
  expect(valueOf(quietHours, '')).toBeNull();
  for (const text of ['24:00-07:00', '21:60-07:00', '7:00-8:00', '08:00-08:00', '08:00', '08:00-']) {
    expect(valueOf(quietHours, text)).toBe('refused');
  }
});

test('a warm-up is a list of caps, or off', () => {
  expect([valueOf(warmupDaily, '50, 200,500'), valueOf(warmupDaily, '')]).toEqual([[50, 200, 500], []]);
  for (const text of ['50,', '0', '50;200', '-5']) expect(valueOf(warmupDaily, text)).toBe('refused');
});

test('words out of a list are exact, and names of Object are not words', () => {
  expect(valueOf(oneOf('required', 'when-present'), 'when-present')).toBe('when-present');
  expect([valueOf(trueOrFalse, 'true'), valueOf(trueOrFalse, 'false')]).toEqual([true, false]);
  for (const text of ['TRUE', '1', 'constructor', '__proto__']) expect(valueOf(trueOrFalse, text)).toBe('refused');
});

test('a comma list has no empty and no repeated value', () => {
  expect(valueOf(commaList, 'a, b')).toEqual(['a', 'b']);
  for (const text of ['a,', ',a', 'a,,b', 'a,a']) expect(valueOf(commaList, text)).toBe('refused');
});

test('a database is SQLite in a file or MySQL with host and database', () => {
  expect(valueOf(databaseUrl, 'sqlite:/var/b.sqlite')).toEqual({ kind: 'sqlite', path: '/var/b.sqlite' });
  const url = 'mysql://u:p%40@db:3306/bridge';
  expect(valueOf(databaseUrl, url)).toEqual({ kind: 'mysql', url });
  for (const text of [
    'sqlite:',
    'sqlite::memory:',
    'mysql://u:p@db',
    'mysql://u:p@db/',
    'postgres://db/x',
    'b.sqlite',
  ]) {
    expect(valueOf(databaseUrl, text)).toBe('refused');
  }
});

describe('encryption keys', () => {
  const key = Buffer.alloc(32, 1).toString('base64');
  const other = Buffer.alloc(32, 2).toString('base64');

  test('keep their order: the first one encrypts', () => {
    expect(valueOf(encryptionKeys, `new:${key}, old:${other}`)).toEqual([
      { id: 'new', key: Buffer.alloc(32, 1) },
      { id: 'old', key: Buffer.alloc(32, 2) },
    ]);
  });

  test.each([
    ['a short key', `k:${Buffer.alloc(31).toString('base64')}`],
    ['a long key', `k:${Buffer.alloc(33).toString('base64')}`],
    ['no id', key],
    ['an id that would break the sealed text', `a.b:${key}`],
    ['one id twice', `k:${key},k:${other}`],
    ['an empty entry', `k:${key},`],
    ['hex', `k:${Buffer.alloc(32).toString('hex')}`],
  ])('refuse %s', (_, text) => expect(valueOf(encryptionKeys, text)).toBe('refused'));
});

describe('public keys', () => {
  const pem = (type: 'ed25519' | 'ed448') =>
    generateKeyPairSync(type as 'ed25519').publicKey.export({ type: 'spki', format: 'pem' });

  test('may be several, with line ends written as \\n', () => {
    const keys = valueOf(publicKeys, `${pem('ed25519')}${pem('ed25519').toString().replaceAll('\n', '\\n')}`);
    expect(keys).toHaveLength(2);
  });

  test('are Ed25519 and nothing else', () => {
    const privatePem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const text of ['', 'abc', pem('ed448').toString(), privatePem, `${pem('ed25519')}rest`]) {
      expect(valueOf(publicKeys, text)).toBe('refused');
    }
  });
});

describe('providers', () => {
  const provider = { id: 'p', channel: 'sms', mode: 'default', deliverySecrets: ['one'] };
  const issuesOf = (list: unknown) => {
    const result = providerList.safeParse(JSON.stringify(list));
    return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };

  test('every bad field is named', () => {
    const bad = { id: '', channel: 'fax', mode: 'custom', deliverySecrets: ['a/b'], deliverySecret: 'x' };
    expect(issuesOf([provider, bad])).toEqual([
      '1.id: must not be empty',
      '1.channel: must be sms, email or call',
      expect.stringMatching(/^1\.deliverySecrets\.0: must be letters/),
      '1: has a field that is not known',
    ]);
  });

  test('neither an id nor a secret names two providers', () => {
    const same = { ...provider, deliverySecrets: ['two'] };
    expect(issuesOf([provider, same])).toEqual([': names one provider id twice']);
    expect(issuesOf([provider, { ...provider, id: 'q' }])).toEqual([
      expect.stringContaining('one delivery secret twice'),
    ]);
  });

  test('none, no secret, and no list are refused', () => {
    for (const list of [[], [{ ...provider, deliverySecrets: [] }], provider, 'text', null]) {
      expect(issuesOf(list)).toHaveLength(1);
    }
  });
});

test('allowed hosts are taken by name, with or without port', () => {
  expect(valueOf(hostList, 'Media.Local, 10.0.0.7:8080 [::1]:9')).toEqual([
    { host: 'media.local', port: undefined },
    { host: '10.0.0.7', port: 8080 },
    { host: '[::1]', port: 9 },
  ]);
  for (const text of ['https://a', 'a:0', 'a:70000', 'a/b', 'a:']) expect(valueOf(hostList, text)).toBe('refused');
});

test('a region is a country with phone numbers', () => {
  expect([valueOf(region, 'my'), valueOf(region, 'ZZ'), valueOf(region, 'MYS')]).toEqual(['MY', 'refused', 'refused']);
});
