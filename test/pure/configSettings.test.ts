import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '../../src/config/settings';
import { SettingsError, type SettingProblem } from '../../src/config/settingsError';

const KEY = Buffer.alloc(32, 7).toString('base64');
const PROVIDERS = '[{"id":"p1","channel":"sms","mode":"custom","deliverySecrets":["s-1","s-2"]}]';

/** What production must set, and nothing else. */
const MINIMUM = {
  ADMIN_TOKEN: 'admin',
  PUBLIC_URL: 'https://bridge.example.com',
  ENCRYPTION_KEYS: `k1:${KEY}`,
  GHL_CLIENT_ID: 'app-1',
  GHL_CLIENT_SECRET: 'client-secret',
  GHL_PROVIDERS: PROVIDERS,
  ENDPOINT_SECRET: 'one, two',
};

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

function problemsOf(env: NodeJS.ProcessEnv): SettingProblem[] {
  try {
    loadSettings(env, { sandboxDir: dir });
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as SettingsError).problems;
  }
}

test('the minimum gives every default, parsed', () => {
  expect(loadSettings(MINIMUM)).toEqual(
    expect.objectContaining({
      port: 3000,
      host: '0.0.0.0',
      adminPort: 3001,
      adminHost: '127.0.0.1',
      publicUrl: 'https://bridge.example.com',
      databaseUrl: { kind: 'sqlite', path: './data/bridge.sqlite' },
      bridgeSandbox: false,
      encryptionKeys: [{ id: 'k1', key: Buffer.alloc(32, 7) }],
      ghlApiUrl: 'https://services.leadconnectorhq.com',
      ghlResumeUrl: 'https://services.leadconnectorhq.com/workflows-marketplace/actions/resume-internal-action',
      ghlProviders: [{ id: 'p1', channel: 'sms', mode: 'custom', deliverySecrets: ['s-1', 's-2'] }],
      ghlLegacyRsa: false,
      deliverySignature: 'required',
      endpointSecret: ['one', 'two'],
      waapifyTimeoutMs: 28_000,
      defaultRegion: 'MY',
      paceTextMs: { minMs: 5_000, maxMs: 12_000 },
      paceMediaMs: { minMs: 8_000, maxMs: 20_000 },
      paceReplyMs: { minMs: 1_000, maxMs: 3_000 },
      capHourly: 80,
      capDaily: 500,
      capNewHourly: 20,
      warmupDaily: [50, 200, 500],
      quietHours: null,
      duplicateTextMs: 0,
      receiptAlarmMs: 600_000,
      holdMaxMs: 259_200_000,
      mediaAllowHosts: [],
      logLevel: 'info',
      temporal: expect.objectContaining({ address: '127.0.0.1:7233', namespace: 'default' }),
    }),
  );
});

test("GHL's published key is the default and is an Ed25519 key", () => {
  expect(loadSettings(MINIMUM).ghlWebhookPublicKeys.map((key) => key.asymmetricKeyType)).toEqual(['ed25519']);
});

test('every problem is told at once, each under its name', () => {
  const names = problemsOf({
    ...MINIMUM,
    PORT: '70000',
    PACE_TEXT_MS: '12000-5000',
    QUIET_HOURS: '25:00-07:00',
    GHL_CLIENT_SECRET: undefined,
    TEMPORAL_TLS: 'yes',
    TEMPORAL_TLS_CLIENT_CERT_DATA: 'pem',
    MEDIA_DIR_FILE: join(dir, 'absent'),
  }).map(({ name }) => name);
  expect(names.sort()).toEqual([
    'GHL_CLIENT_SECRET',
    'MEDIA_DIR',
    'PACE_TEXT_MS',
    'PORT',
    'QUIET_HOURS',
    'TEMPORAL_TLS',
    'TEMPORAL_TLS_CLIENT_CERT_PATH',
  ]);
});

test('outside the sandbox exactly these are required, whatever NODE_ENV says', () => {
  for (const NODE_ENV of ['production', 'development', 'test']) {
    const problems = problemsOf({ NODE_ENV });
    expect(problems.map(({ name }) => name).sort()).toEqual(Object.keys(MINIMUM).sort());
    expect(problems.every(({ message }) => message.startsWith('is required: '))).toBe(true);
  }
});

test('the error reads as a list and keeps each problem as a field error', () => {
  const error = (() => {
    try {
      return loadSettings({ ...MINIMUM, PORT: 'x', LOG_LEVEL: 'loud' });
    } catch (caught) {
      return caught as SettingsError;
    }
  })() as SettingsError;
  expect(error.code).toBe('settings_invalid');
  expect(error.message).toMatch(/^The settings are not usable:\n {2}PORT: .*\n {2}LOG_LEVEL: .*$/);
  expect(error.errors?.map(({ path }) => path)).toEqual(['PORT', 'LOG_LEVEL']);
});

test('white space is trimmed and an empty value is not set', () => {
  const settings = loadSettings({ ...MINIMUM, PORT: ' 4000 \n', HOST: '  ', GHL_SHARED_SECRET: '' });
  expect([settings.port, settings.host, settings.ghlSharedSecret]).toEqual([4000, '0.0.0.0', undefined]);
});

test('an empty QUIET_HOURS or WARMUP_DAILY means off', () => {
  const settings = loadSettings({ ...MINIMUM, QUIET_HOURS: '', WARMUP_DAILY: '' });
  expect([settings.quietHours, settings.warmupDaily]).toEqual([null, []]);
});

test('one port can not be public and admin', () => {
  expect(problemsOf({ ...MINIMUM, PORT: '3001' }).map(({ name }) => name)).toEqual(['ADMIN_PORT']);
  expect(problemsOf({ ...MINIMUM, PORT: '0', ADMIN_PORT: '0' })).toEqual([]);
});

test('the resume address follows an API address that was moved', () => {
  const env = { ...MINIMUM, GHL_API_URL: 'http://127.0.0.1:9000/' };
  expect(loadSettings(env).ghlResumeUrl).toBe(
    'http://127.0.0.1:9000/workflows-marketplace/actions/resume-internal-action',
  );
  expect(loadSettings({ ...env, GHL_RESUME_URL: 'https://r.example/x?y=1' }).ghlResumeUrl).toBe(
    'https://r.example/x?y=1',
  );
});

describe('NAME_FILE', () => {
  test('gives the value of a file, trimmed', () => {
    const { GHL_CLIENT_SECRET: _, ...rest } = MINIMUM;
    const env = { ...rest, GHL_CLIENT_SECRET_FILE: file('secret', 'from-file\n') };
    expect(loadSettings(env).ghlClientSecret).toBe('from-file');
  });

  test('also for what Temporal reads', () => {
    const settings = loadSettings({ ...MINIMUM, TEMPORAL_API_KEY_FILE: file('key', 'temporal-key') });
    expect(settings.temporal).toEqual(expect.objectContaining({ apiKey: 'temporal-key', tls: true }));
    expect(Object.keys(settings).filter((name) => name.startsWith('temporal'))).toEqual(['temporal']);
  });

  test('together with NAME is a problem', () => {
    const [problem] = problemsOf({ ...MINIMUM, ADMIN_TOKEN_FILE: file('token', 'x') });
    expect(problem).toEqual({ name: 'ADMIN_TOKEN', message: expect.stringContaining('set twice') });
  });

  test('an unreadable or empty file is one problem, which does not repeat the path', () => {
    const { ADMIN_TOKEN: _, ...rest } = MINIMUM;
    const absent = problemsOf({ ...rest, ADMIN_TOKEN_FILE: join(dir, 'my-real-token') });
    expect(absent).toEqual([{ name: 'ADMIN_TOKEN', message: expect.stringContaining('ENOENT') }]);
    expect(JSON.stringify(absent)).not.toContain('my-real-token');
    const folder = problemsOf({ ...rest, ADMIN_TOKEN_FILE: dir });
    expect(folder).toEqual([{ name: 'ADMIN_TOKEN', message: expect.stringContaining('EISDIR') }]);
    const empty = problemsOf({ ...rest, ADMIN_TOKEN_FILE: file('empty', ' \n') });
    expect(empty).toEqual([{ name: 'ADMIN_TOKEN', message: expect.stringContaining('empty file') }]);
  });
});

test('no value of a broken setting is printed', () => {
  const planted = 'pLaNtEd';
  const env = {
    ADMIN_TOKEN_FILE: `/nowhere/${planted}`,
    PUBLIC_URL: `http://user:${planted}@bridge.example/?t=${planted}`,
    DATABASE_URL: `mysql://root:${planted}@`,
    ENCRYPTION_KEYS: `k1:${planted}`,
    GHL_PROVIDERS: `[{"id":"a","deliverySecrets":["${planted}/"],"${planted}":1}, ${planted}`,
    GHL_WEBHOOK_PUBLIC_KEYS: planted,
    ENDPOINT_SECRET: `${planted},,`,
    GHL_LEGACY_RSA: planted,
    LOG_LEVEL: planted,
    TEMPORAL_TLS: planted,
    TEMPORAL_CONFIG_FILE: file('temporal.toml', `[profile.default]\napi_key = "${planted}`),
  };
  const problems = problemsOf(env);
  expect(problems.length).toBeGreaterThanOrEqual(11);
  expect(JSON.stringify(problems)).not.toContain(planted);
});
