import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkTemporal } from '../../src/config/rules';
import { readTemporal } from '../../src/config/temporal';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'temporal-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const problemsOf = (texts: Record<string, string>) => {
  const result = checkTemporal(texts, {});
  return 'problems' in result ? result.problems : [];
};

test('address, namespace, key and headers are read by their standard names', () => {
  const texts = { TEMPORAL_ADDRESS: 't.example:7233', TEMPORAL_NAMESPACE: 'n', TEMPORAL_API_KEY: 'k' };
  expect(readTemporal(texts, { TEMPORAL_GRPC_META_X_TEAM: 'blue' })).toEqual({
    address: 't.example:7233',
    namespace: 'n',
    apiKey: 'k',
    tls: true,
    metadata: { 'x-team': 'blue' },
  });
});

test('TLS is read from files and texts, and switched off by false', () => {
  writeFileSync(join(dir, 'ca.pem'), 'ca');
  const texts = {
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(dir, 'ca.pem'),
    TEMPORAL_TLS_CLIENT_CERT_DATA: 'crt',
    TEMPORAL_TLS_CLIENT_KEY_DATA: 'key',
    TEMPORAL_TLS_SERVER_NAME: 'name',
  };
  const tls = readTemporal(texts, {}).tls;
  expect(tls).toEqual(expect.objectContaining({ serverNameOverride: 'name' }));
  const { serverRootCACertificate, clientCertPair } = tls as Record<string, Uint8Array & { crt: Uint8Array }>;
  expect(Buffer.from(serverRootCACertificate ?? []).toString()).toBe('ca');
  expect(Buffer.from(clientCertPair?.crt ?? []).toString()).toBe('crt');
  expect(readTemporal({ TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'false' }, {}).tls).toBe(false);
});

test('only what was checked counts, not the raw environment', () => {
  expect(readTemporal({}, { TEMPORAL_ADDRESS: 'other.example:1' }).address).toBe('127.0.0.1:7233');
});

test('a configuration file in the home folder is not read unasked', () => {
  mkdirSync(join(dir, 'temporalio'));
  writeFileSync(join(dir, 'temporalio', 'temporal.toml'), '[profile.default]\naddress = "home.example:7233"\n');
  const env = { XDG_CONFIG_HOME: dir, HOME: dir };
  expect(readTemporal({}, env).address).toBe('127.0.0.1:7233');
  expect(readTemporal({ TEMPORAL_PROFILE: 'default' }, env).address).toBe('home.example:7233');
});

test('a certificate without its key, and one given twice, are problems', () => {
  expect(problemsOf({ TEMPORAL_TLS_CLIENT_CERT_DATA: 'c' })).toEqual([
    { name: 'TEMPORAL_TLS_CLIENT_CERT_PATH', message: expect.stringContaining('needs its key') },
  ]);
  expect(problemsOf({ TEMPORAL_TLS_SERVER_CA_CERT_DATA: 'c', TEMPORAL_TLS_SERVER_CA_CERT_PATH: 'p' })).toEqual([
    { name: 'TEMPORAL_TLS_SERVER_CA_CERT_PATH', message: expect.stringContaining('remove one') },
  ]);
});

test('a file that can not be read is a problem with the reason of the system', () => {
  expect(problemsOf({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(dir, 'absent') })).toEqual([
    { name: 'TEMPORAL_*', message: expect.stringContaining('ENOENT') },
  ]);
});

test('a profile that does not exist is a problem', () => {
  writeFileSync(join(dir, 'temporal.toml'), '[profile.default]\n');
  expect(problemsOf({ TEMPORAL_CONFIG_FILE: join(dir, 'temporal.toml'), TEMPORAL_PROFILE: 'absent' })).toHaveLength(1);
});
