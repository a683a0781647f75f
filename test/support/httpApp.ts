import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '../../src/app';
import { parseWebhook } from '../../src/channels/whatsapp/webhook';
import type { GatewayAdapter, GatewayEndpoint } from '../../src/channels/gateway';
import { createApplyLine } from '../../src/commands/applyLine';
import { loadSettings } from '../../src/config/settings';
import { createCipher } from '../../src/crypto/cipher';
import { createKeyRing } from '../../src/crypto/keyRing';
import { DomainError } from '../../src/domain/errors';
import type { GhlClient } from '../../src/ghl/client';
import { createAdmin, type AdminProbes } from '../../src/http/admin';
import { createIngress } from '../../src/http/ingress';
import { listen } from '../../src/http/server';
import { createMedia } from '../../src/media/createMedia';
import { createLogger } from '../../src/observability/logger';
import { createMetrics } from '../../src/observability/metrics';
import type { WakeRef } from '../../src/store/context';
import { openDb, type Db } from '../../src/store/db';
import type { Resource } from '../../src/store/installations/row';
import type { Accepted } from '../../src/store/messages/acceptedRow';
import { createStore } from '../../src/store/store';
import { RULES, TIMINGS, WHATSAPP } from './storeAt';

/** The key with which the tests play GHL. */
const GHL_KEYS = generateKeyPairSync('ed25519');

/** Returns the signature header's value for a body, as GHL makes it. */
export function signedByGhl(body: string | Buffer): string {
  return sign(null, Buffer.from(body), GHL_KEYS.privateKey).toString('base64');
}

export const ADMIN_TOKEN = 'the-admin-token';
export const SMS_SECRET = 'sms-secret-1';

const PROVIDERS = [
  { id: 'provider-sms', channel: 'sms', mode: 'default', deliverySecrets: [SMS_SECRET, 'sms-secret-2'] },
  { id: 'provider-custom', channel: 'sms', mode: 'custom', deliverySecrets: ['custom-secret'] },
  { id: 'provider-email', channel: 'email', mode: 'default', deliverySecrets: ['email-secret'] },
];

/** What a test may put in the place of the outside world. */
export interface HttpAppOptions {
  env?: Record<string, string>;
  ghl?: Partial<GhlClient>;
  gateway?: Partial<GatewayAdapter>;
  probes?: Partial<AdminProbes>;
}

export interface HttpApp {
  app: App;
  db: Db;
  /** Addresses of the two listeners, without a slash at the end. */
  ingress: string;
  admin: string;
  /** What the starter was asked to do. */
  started: Accepted[];
  woken: WakeRef[];
  changed: string[];
  installing: Resource[];
  /** Addresses that were registered with the gateway, by instance id. */
  webhooks: { instanceId: string; url: string }[];
  /** All log lines so far. */
  logs(): string;
  /** Waits until every gateway post in hand has been applied. */
  applied(): Promise<void>;
  close(): Promise<void>;
}

/** Starts both listeners on free ports over a SQLite store of its own; GHL, gateway and Temporal are played. */
export async function startHttpApp(options: HttpAppOptions = {}): Promise<HttpApp> {
  const folder = mkdtempSync(join(tmpdir(), 'bridge-http-'));
  const lines: string[] = [];
  const played = { started: [], woken: [], changed: [], installing: [], webhooks: [] } as Played;
  const settings = loadSettings({ ...environment(folder), ...options.env });
  const db = openDb({ kind: 'sqlite', path: join(folder, 'bridge.sqlite') });
  const cipher = createCipher(createKeyRing(settings.encryptionKeys));
  const store = await createStore(db, cipher, { timings: TIMINGS, rules: RULES, capabilities: () => WHATSAPP });
  const gateway = playGateway(played, options.gateway ?? {});
  const app: App = {
    settings,
    store,
    ghl: playGhl(options.ghl ?? {}),
    gateway: () => gateway,
    media: createMedia({ settings, store: store.media }),
    starter: playStarter(played),
    logger: createLogger({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } }),
    metrics: createMetrics(),
  };
  const line = createApplyLine(app);
  const probes: AdminProbes = {
    readiness: () => Promise.resolve({ ready: true, degraded: [], missing: [] }),
    temporalCheck: () => Promise.resolve({ ok: true, commands: [] }),
    ...options.probes,
  };
  const ingress = await listen(createIngress(app, line), { host: '127.0.0.1', port: 0 });
  const admin = await listen(createAdmin(app, probes), { host: '127.0.0.1', port: 0 });
  return {
    app,
    db,
    ingress: `http://127.0.0.1:${ingress.port}`,
    admin: `http://127.0.0.1:${admin.port}`,
    ...played,
    logs: () => lines.join(''),
    applied: () => line.drain(),
    async close() {
      await Promise.all([ingress.close(), admin.close()]);
      await line.drain();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Played = Pick<HttpApp, 'started' | 'woken' | 'changed' | 'installing' | 'webhooks'>;

function environment(folder: string): Record<string, string> {
  return {
    BRIDGE_SANDBOX: '1',
    ADMIN_TOKEN,
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    DATABASE_URL: `sqlite:${join(folder, 'bridge.sqlite')}`,
    MEDIA_DIR: join(folder, 'media'),
    PUBLIC_URL: 'https://bridge.example.com',
    GHL_PROVIDERS: JSON.stringify(PROVIDERS),
    GHL_WEBHOOK_PUBLIC_KEYS: GHL_KEYS.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

function playStarter({ started, woken, changed, installing }: Played): App['starter'] {
  return {
    startMessage: (accepted) => void started.push(accepted),
    wakeSoon: (wakes) => void woken.push(...wakes),
    wake: (wakes) => Promise.resolve(void woken.push(...wakes)),
    connectionChanged: (_scope, connectionId) => void changed.push(connectionId),
    askConnection: () => Promise.resolve('not_taken'),
    installationChanged: (resource) => void installing.push(resource),
    refreshToken: () => Promise.resolve(),
    available: () => true,
    close: () => Promise.resolve(),
  };
}

/** A gateway that reads webhooks as the real one's adapter does and is otherwise in the best of health. */
function playGateway({ webhooks }: Played, own: Partial<GatewayAdapter>): GatewayAdapter {
  return {
    name: 'waapify',
    channel: 'whatsapp',
    capabilities: WHATSAPP,
    send: () => Promise.reject(new Error('nothing is sent here')),
    probe: () => Promise.resolve({ kind: 'connected', number: { channel: 'whatsapp', value: '+60111222333' } }),
    qr: () => Promise.resolve({ connected: true }),
    registerWebhook: ({ instanceId }: GatewayEndpoint, url) => {
      webhooks.push({ instanceId, url });
      return Promise.resolve();
    },
    parseWebhook: (endpoint, raw) => parseWebhook(endpoint, raw, Date.now()),
    ...own,
  };
}

function playGhl(own: Partial<GhlClient>): GhlClient {
  const silent = new DomainError('ghl_unavailable', 'later', 'GHL gave no answer.', { status: 502 });
  const unplayed: ProxyHandler<Partial<GhlClient>> = {
    get: (target, name) => (Reflect.get(target, name) as unknown) ?? (() => Promise.reject(silent)),
  };
  return new Proxy(own, unplayed) as GhlClient;
}
