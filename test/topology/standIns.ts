import { startSandboxGhl, type SandboxGhl } from '../../src/sandbox/ghl';
import { SANDBOX_SCOPES } from '../../src/sandbox/ghl/scopes';
import { startSandboxWaapify, type SandboxWaapify } from '../../src/sandbox/waapify';

const PROVIDER = { id: 'topology-provider', secret: 'delivery-secret-of-topology' };

/** GHL and the gateway, as the bridge of this test knows them. */
export interface StandIns {
  ghl: SandboxGhl;
  waapify: SandboxWaapify;
  /** What of them stands in `.env`. */
  secrets: Record<string, string>;
  /** What of them stands in `bridge.env`. */
  settings: Record<string, string>;
  stop(): Promise<void>;
}

/** Starts both; `publicUrl` is where they reach the bridge. */
export async function startStandIns(publicUrl: string): Promise<StandIns> {
  const ghl = await startSandboxGhl({
    redirectUris: [`${publicUrl}/oauth/callback`],
    settings: { statusWindowMs: 0 },
    providers: [{ id: PROVIDER.id, deliveryUrl: `${publicUrl}/ghl/delivery/${PROVIDER.secret}` }],
  });
  const waapify = await startSandboxWaapify();
  return {
    ghl,
    waapify,
    secrets: {
      GHL_CLIENT_ID: ghl.clientId,
      GHL_CLIENT_SECRET: ghl.clientSecret,
      GHL_PROVIDERS: JSON.stringify([
        { id: PROVIDER.id, channel: 'sms', mode: 'custom', deliverySecrets: [PROVIDER.secret] },
      ]),
    },
    settings: {
      GHL_API_URL: ghl.url,
      GHL_MARKETPLACE_URL: ghl.url,
      GHL_WEBHOOK_PUBLIC_KEYS: ghl.publicKeyPem,
      WAAPIFY_BASE_URL: waapify.baseUrl,
    },
    stop: async () => {
      await ghl.stop();
      await waapify.stop();
    },
  };
}

/** Installs the app in a location: GHL's consent page, answered yes, sends the browser to the bridge's callback. */
export async function installApp(ghl: SandboxGhl, publicUrl: string, locationId: string): Promise<Response> {
  const consent = new URLSearchParams({
    response_type: 'code',
    client_id: ghl.clientId,
    redirect_uri: `${publicUrl}/oauth/callback`,
    scope: SANDBOX_SCOPES,
    location_id: locationId,
  });
  return await fetch(`${ghl.url}/v2/oauth/chooselocation?${consent}`);
}
