import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadSettings } from '../../src/config/settings';
import { SETTINGS_TABLE } from '../../src/config/schema';
import { composeText, imageEntrypoint, readComposeFile, serviceOf } from '../topology/composeFile';
import { onLoopback } from '../topology/loopback';

const root = join(__dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What an operator might put into `.env`; no two alike. */
const DOT_ENV = {
  PUBLIC_URL: 'https://bridge.example.com',
  ADMIN_TOKEN: 'admin-token',
  ENDPOINT_SECRET: 'endpoint-secret',
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  GHL_CLIENT_ID: 'client-id',
  GHL_CLIENT_SECRET: 'client-secret',
  GHL_PROVIDERS: '[{"id":"p","channel":"sms","mode":"custom","deliverySecrets":["s"]}]',
  MYSQL_ROOT_PASSWORD: 'rootpassword',
  BRIDGE_DB_PASSWORD: 'bridgepassword',
  TEMPORAL_DB_PASSWORD: 'temporalpassword',
};
const LONG_LIVED = ['mysql', 'temporal', 'temporal-ui', 'ingress', 'worker'];
const JOBS = ['temporal-schema', 'temporal-namespace'];
const BRIDGE = ['ingress', 'worker'];

const compose = readComposeFile(DOT_ENV);
const all = (pattern: RegExp, text: string): string[] => [...text.matchAll(pattern)].map(([, name]) => name!);

describe('docker-compose.yml', () => {
  it('has services of two kinds', () => {
    expect(Object.keys(compose.services).sort()).toEqual([...LONG_LIVED, ...JOBS].sort());
  });

  it('pins each image, and calls its own by the version of the package', () => {
    const images = Object.values(compose.services).map(({ image }) => image);
    expect(images.filter((image) => !/^[a-z/-]+:\d+\.\d+\.\d+$/.test(image ?? ''))).toEqual([]);
    const { name, version } = JSON.parse(read('package.json')) as { name: string; version: string };
    for (const role of BRIDGE) expect(serviceOf(compose, role).image).toBe(`${name}:${version}`);
  });

  it("runs Temporal's server and its schema tool of one version", () => {
    const [server, ...tools] = ['temporal', ...JOBS].map((name) => serviceOf(compose, name).image?.split(':')[1]);
    expect(tools).toEqual([server, server]);
  });

  it.each(LONG_LIVED)('watches %s, restarts it, and gives it time to end', (name) => {
    const { healthcheck, init, restart, stop_grace_period } = serviceOf(compose, name);
    expect({ init, restart, stop_grace_period }).toEqual({
      init: true,
      restart: 'unless-stopped',
      stop_grace_period: '60s',
    });
    expect(healthcheck?.test.length).toBeGreaterThan(1);
  });

  it('starts each only when what it needs is there', () => {
    const needs = (name: string): Record<string, string> =>
      Object.fromEntries(
        Object.entries(serviceOf(compose, name).depends_on ?? {}).map(([other, { condition }]) => [other, condition]),
      );
    expect(needs('temporal-schema')).toEqual({ mysql: 'service_healthy' });
    expect(needs('temporal')).toEqual({ 'temporal-schema': 'service_completed_successfully' });
    expect(needs('temporal-namespace')).toEqual({ temporal: 'service_healthy' });
    expect(needs('ingress')).toEqual({ mysql: 'service_healthy' });
    expect(needs('worker')).toEqual({
      mysql: 'service_healthy',
      'temporal-namespace': 'service_completed_successfully',
    });
  });

  it('publishes the ingress alone; what has no login stays on this machine', () => {
    const { services } = parse(composeText(), { merge: true }) as { services: Record<string, { ports?: string[] }> };
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    expect(published.filter(([, port]) => !port!.startsWith('127.0.0.1:'))).toEqual([
      ['ingress', '${INGRESS_PORT:-3000}:3000'],
    ]);
  });
});

describe('secrets', () => {
  it.each(Object.keys(DOT_ENV))('%s comes from .env, and compose asks for it', (name) => {
    const { [name]: _left, ...others } = DOT_ENV as Record<string, string>;
    expect(() => readComposeFile(others)).toThrow(name);
    expect(composeText()).toContain(`\${${name}:?`);
  });

  it('has none in clear', () => {
    const { services } = parse(composeText(), { merge: true }) as typeof compose;
    const secret = /PASSWORD|PWD|SECRET|TOKEN|KEY|DATABASE_URL/;
    const values = Object.values(services).flatMap(({ environment = {} }) =>
      Object.entries(environment).filter(([name]) => secret.test(name)),
    );
    expect(values.length).toBeGreaterThan(10);
    expect(values.filter(([, value]) => !String(value).includes('${'))).toEqual([]);
  });

  it('lists in .env.example exactly what the file takes', () => {
    const taken = all(/\$\{(\w+)/g, composeText());
    const listed = all(/^(\w+)=/gm, read('.env.example'));
    expect(listed.sort()).toEqual([...new Set(taken)].sort());
  });

  it('keeps both files of values out of the repository and of the image', () => {
    const ignored = read('.gitignore').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.env', 'bridge.env']));
    const [first, ...rest] = read('.dockerignore').trim().split('\n');
    expect([first, rest.filter((line) => !line.startsWith('!') || line.includes('env'))]).toEqual(['*', []]);
  });
});

describe.each(BRIDGE)('the service %s', (role) => {
  const service = serviceOf(compose, role);
  const environment = onLoopback(service, { ports: {}, volumes: '/volumes' });

  it('sets only settings that the bridge knows, and all that it requires outside the sandbox', () => {
    const known = SETTINGS_TABLE.map(({ name }) => name);
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
    expect(loadSettings(environment)).toMatchObject({
      bridgeSandbox: false,
      databaseUrl: { kind: 'mysql' },
      temporal: { namespace: 'default' },
    });
  });

  it('runs the role as the npm script does', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const words = [...imageEntrypoint(), ...(service.command ?? [])];
    expect(scripts[`start:${role}`]).toMatch(new RegExp(` && exec ${words.join(' ')}$`));
  });

  it('keeps media in the volume that both roles mount', () => {
    expect(environment['MEDIA_DIR']).toBe('/volumes/bridge-data/media');
    expect(Object.keys(compose.volumes)).toContain('bridge-data');
  });
});
