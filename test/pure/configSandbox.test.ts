import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxKey } from '../../src/config/sandboxKey';
import { loadSettings } from '../../src/config/settings';

let dir: string;
beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'sandbox-')), 'data');
});
afterEach(() => rmSync(join(dir, '..'), { recursive: true }));

const load = (env: NodeJS.ProcessEnv) => loadSettings({ BRIDGE_SANDBOX: '1', ...env }, { sandboxDir: dir });

test('a sandbox needs nothing else', () => {
  const settings = load({ PORT: '4321' });
  expect(settings).toEqual(
    expect.objectContaining({ bridgeSandbox: true, publicUrl: 'http://127.0.0.1:4321', adminToken: 'sandbox' }),
  );
  expect(settings.ghlProviders).toHaveLength(1);
  expect(settings.encryptionKeys[0]?.key).toHaveLength(32);
});

test('a wrong port is one problem', () => {
  expect(() => load({ PORT: 'x' })).toThrow(/^The settings are not usable:\n {2}PORT: [^\n]*$/);
});

test('what is set goes before what the sandbox brings', () => {
  const settings = load({ ADMIN_TOKEN: 'mine', PUBLIC_URL: 'http://localhost:1', ENDPOINT_SECRET: 'e' });
  expect([settings.adminToken, settings.publicUrl, settings.endpointSecret]).toEqual([
    'mine',
    'http://localhost:1',
    ['e'],
  ]);
});

test('its key is random, kept, and readable by its owner alone', () => {
  const first = load({}).encryptionKeys;
  expect(load({}).encryptionKeys).toEqual(first);
  expect(statSync(join(dir, 'sandbox.key')).mode & 0o777).toBe(0o600);
  rmSync(join(dir, 'sandbox.key'));
  expect(load({}).encryptionKeys).not.toEqual(first);
});

test('no key is made when one is set', () => {
  load({ ENCRYPTION_KEYS: `k:${Buffer.alloc(32).toString('base64')}` });
  expect(existsSync(dir)).toBe(false);
});

test('a key that another process made first is taken', () => {
  const key = sandboxKey(dir);
  expect(sandboxKey(dir)).toBe(key);
  expect(readFileSync(join(dir, 'sandbox.key'), 'utf8').trim()).toBe(key);
});

test('a folder that can not hold the key is a problem with a mend', () => {
  writeFileSync(dir, 'a file, not a folder');
  chmodSync(dir, 0o600);
  expect(() => load({})).toThrow(/ENCRYPTION_KEYS: the sandbox can not keep its key .*\((ENOTDIR|EEXIST)\)/);
});

test.each(['temporal.example:7233', '10.0.0.1:7233', '127.0.0.1.example.com:7233', '0.0.0.0:7233'])(
  'a sandbox refuses Temporal at %s',
  (address) => expect(() => load({ TEMPORAL_ADDRESS: address })).toThrow(/TEMPORAL_ADDRESS: must be a loopback/),
);

test.each(['127.0.0.1:1', 'localhost:7233', '[::1]:7233'])('a sandbox takes Temporal at %s', (address) => {
  expect(load({ TEMPORAL_ADDRESS: address }).temporal.address).toBe(address);
});

test("a sandbox does not read Temporal's configuration file", () => {
  const path = join(dir, '..', 'temporal.toml');
  writeFileSync(path, '[profile.default]\naddress = "production.example:7233"\n');
  expect(load({ TEMPORAL_CONFIG_FILE: path }).temporal.address).toBe('127.0.0.1:7233');
});

test.each(['true', 'yes', 'on'])('BRIDGE_SANDBOX=%s is no sandbox', (BRIDGE_SANDBOX) => {
  expect(() => load({ BRIDGE_SANDBOX })).toThrow(/BRIDGE_SANDBOX: must be one of: 1, 0/);
  expect(() => load({ BRIDGE_SANDBOX })).toThrow(/ADMIN_TOKEN: is required/);
});
