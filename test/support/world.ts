import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPortFree } from '../../src/sandbox/machine/freePort';
import { startSandboxGhl, type AgentMessage, type AgentSent, type SandboxGhl } from '../../src/sandbox/ghl';
import { SANDBOX_SCOPES } from '../../src/sandbox/ghl/scopes';
import { startSandboxWaapify, type SandboxWaapify } from '../../src/sandbox/waapify';
import { adminClient, OWN_CONNECTION, type AdminClient } from './adminClient';
import { createDatabase } from './mysqlServer';
import type { TestTemporal } from './temporalServer';

/** The two providers of the sandbox app: one in the place of the location's SMS, one beside it. */
export const DEFAULT_PROVIDER = { id: 'sbx-provider-sms', secret: 'delivery-secret-of-default' };
export const CUSTOM_PROVIDER = { id: 'sbx-provider-custom', secret: 'delivery-secret-of-custom' };
export const LOCATION = 'sbx-location-1';
export const INSTANCE = '609ACF2830001';
/** The contact of most tests. */
export const PHONE = '+60123456789';

/** Settings that make a test quick without changing what is tested. */
const QUICK = {
  PACE_TEXT_MS: '50-80',
  CAP_HOURLY: '1000000',
  CAP_DAILY: '1000000',
  CAP_NEW_HOURLY: '0',
  WARMUP_DAILY: '',
  STATUS_FIRST_DELAY_MS: '100',
  UNKNOWN_WAIT_MS: '3000',
  // Not so quick that a busy machine is taken for a silent gateway.
  WAAPIFY_TIMEOUT_MS: '5000',
  PROBE_INTERVAL_MS: '1000',
  HOLD_TRIAL_MS: '500-2000',
  SWEEP_INTERVAL_MS: '1000',
  LOG_LEVEL: 'info',
};

export interface WorldOptions {
  /** On top of the quick settings. */
  env?: Record<string, string>;
  store?: 'sqlite' | 'mysql';
}

/** A whole little world around the bridge, without the bridge itself: both stand-ins, and the settings to start it with. */
export interface World {
  ghl: SandboxGhl;
  waapify: SandboxWaapify;
  /** Environment of a bridge process; every process of a world gets ports of its own. */
  env(more?: Record<string, string>): Promise<Record<string, string>>;
  /** Where GHL and the gateway reach the bridge. */
  publicUrl: string;
  publicPort: number;
  folder: string;
  admin(adminUrl: string): AdminClient;
  /** Installs the app in a location, as a browser would. */
  install(locationId?: string): Promise<Response>;
  /** Keeps a file where GHL keeps what agents attach. Returns its address. */
  attach(name: string, bytes: Buffer, type?: string): string;
  /** An agent types a message. */
  agentSends(text: string, more?: Partial<AgentMessage>): Promise<AgentSent>;
  temporal: TestTemporal;
}

/** Makes a world on one Temporal; it ends by itself, after the bridges in it. */
export async function openWorld(temporal: TestTemporal, options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'bridge-world-'));
  const publicPort = await portOfOurs();
  const publicUrl = `http://127.0.0.1:${publicPort}`;
  const ghl = await startSandboxGhl({
    redirectUris: [`${publicUrl}/oauth/callback`],
    settings: { statusWindowMs: 0 },
    providers: [
      { id: DEFAULT_PROVIDER.id, deliveryUrl: `${publicUrl}/ghl/delivery/${DEFAULT_PROVIDER.secret}` },
      { id: CUSTOM_PROVIDER.id, deliveryUrl: `${publicUrl}/ghl/delivery/${CUSTOM_PROVIDER.secret}` },
    ],
  });
  const waapify = await startSandboxWaapify();
  const database = options.store === 'mysql' ? await createDatabase() : null;
  temporal.onEnd(async () => {
    await ghl.stop();
    await waapify.stop();
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  });
  const env = {
    BRIDGE_SANDBOX: '1',
    TEMPORAL_ADDRESS: temporal.server.address,
    TEMPORAL_NAMESPACE: temporal.server.namespace,
    DATABASE_URL: database?.url ?? `sqlite:${join(folder, 'bridge.sqlite')}`,
    ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    HOST: '127.0.0.1',
    PUBLIC_URL: publicUrl,
    ADMIN_TOKEN: 'admin-token-of-the-tests',
    GHL_API_URL: ghl.url,
    GHL_MARKETPLACE_URL: ghl.url,
    GHL_CLIENT_ID: ghl.clientId,
    GHL_CLIENT_SECRET: ghl.clientSecret,
    GHL_WEBHOOK_PUBLIC_KEYS: ghl.publicKeyPem,
    GHL_PROVIDERS: JSON.stringify([
      { id: DEFAULT_PROVIDER.id, channel: 'sms', mode: 'default', deliverySecrets: [DEFAULT_PROVIDER.secret] },
      { id: CUSTOM_PROVIDER.id, channel: 'sms', mode: 'custom', deliverySecrets: [CUSTOM_PROVIDER.secret] },
    ]),
    WAAPIFY_BASE_URL: waapify.baseUrl,
    MEDIA_DIR: join(folder, 'media'),
    MEDIA_ALLOW_HOSTS: new URL(ghl.url).host,
    ...QUICK,
    ...options.env,
  };
  return {
    ghl,
    waapify,
    publicUrl,
    publicPort,
    folder,
    env: async (more = {}) =>
      evenPace({ ...env, PORT: String(publicPort), ADMIN_PORT: String(await portOfOurs()), ...more }),
    admin: (adminUrl) => adminClient(adminUrl, env.ADMIN_TOKEN),
    install: (locationId = LOCATION) => install(ghl, publicUrl, locationId),
    attach: (name, bytes, type = 'application/octet-stream') => `${ghl.url}${ghl.storeFile(name, bytes, type)}`,
    agentSends: (text, more = {}) => ghl.agentSends({ locationId: LOCATION, phone: PHONE, text, ...more }),
    temporal,
  };
}

/** Below those that systems give to whoever asks for any port. */
const OUR_PORTS = { from: 15_000, to: 32_000 };
const given = new Set<number>();

/**
 * Returns a port that stays free until a bridge takes it, and while one is stopped and started again: the system gives
 * it to nobody, and we to nobody else of this file.
 */
async function portOfOurs(): Promise<number> {
  const port = randomInt(OUR_PORTS.from, OUR_PORTS.to);
  if (given.has(port) || !(await isPortFree(port))) return await portOfOurs();
  given.add(port);
  return port;
}

/** Every kind of part keeps the gap of a text, unless a test sets it apart. */
function evenPace(env: Record<string, string>): Record<string, string> {
  const gap = env['PACE_TEXT_MS'] ?? '';
  return { PACE_MEDIA_MS: gap, PACE_REPLY_MS: gap, PACE_GROUP_MS: gap, ...env };
}

async function install(ghl: SandboxGhl, publicUrl: string, locationId: string): Promise<Response> {
  const url = new URL('/v2/oauth/chooselocation', ghl.url);
  const query = { response_type: 'code', client_id: ghl.clientId, redirect_uri: `${publicUrl}/oauth/callback` };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  url.searchParams.set('scope', SANDBOX_SCOPES);
  url.searchParams.set('location_id', locationId);
  return await fetch(url, { headers: OWN_CONNECTION });
}
