import { join } from 'node:path';
import type { DevServer } from '../../sandbox/temporalDevServer';
import type { Ports } from './ports';
import { PROVIDER, publicUrlOf, type StandIns } from './standIns';

export interface BridgeSurroundings extends StandIns {
  ports: Ports;
  temporal: Pick<DevServer, 'address' | 'namespace'>;
  folder: string;
}

/**
 * Returns the whole environment of a bridge among the stand-ins. It is written from scratch: nothing of the caller's
 * shell is in it, so a DATABASE_URL or GHL_* of real work can neither disturb the sandbox nor be touched by it.
 */
export function bridgeEnv({ ports, temporal, folder, ghl, waapify }: BridgeSurroundings): Record<string, string> {
  const { id, deliverySecret } = PROVIDER;
  return {
    BRIDGE_SANDBOX: '1',
    HOST: '127.0.0.1',
    PORT: String(ports.bridge),
    ADMIN_PORT: String(ports.admin),
    PUBLIC_URL: publicUrlOf(ports),
    DATABASE_URL: `sqlite:${join(folder, 'bridge.sqlite')}`,
    MEDIA_DIR: join(folder, 'media'),
    MEDIA_ALLOW_HOSTS: [ghl, waapify].map(({ url }) => new URL(url).host).join(),
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    GHL_API_URL: ghl.url,
    GHL_MARKETPLACE_URL: ghl.url,
    GHL_CLIENT_ID: ghl.clientId,
    GHL_CLIENT_SECRET: ghl.clientSecret,
    GHL_WEBHOOK_PUBLIC_KEYS: ghl.publicKeyPem,
    GHL_PROVIDERS: JSON.stringify([{ id, channel: 'sms', mode: 'default', deliverySecrets: [deliverySecret] }]),
    WAAPIFY_BASE_URL: waapify.baseUrl,
  };
}
