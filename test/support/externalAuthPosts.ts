import type { GatewayEndpoint, ProbeResult } from '../../src/channels/gateway';
import { startHttpApp, type HttpApp } from './httpApp';

/** The values that must never come back in an answer or stand in a log line. */
export const KEY = 'the-bridge-key';
export const TOKEN = 'secret-gateway-token';
export const NUMBER = '+60110000001';

/** A bridge whose gateway answers as the test says, and GHL's side of its external authentication. */
export interface ExternalAuthApp extends HttpApp {
  /** What the gateway says of a number; connected as NUMBER unless told. */
  answer: (endpoint: GatewayEndpoint) => ProbeResult | Promise<ProbeResult>;
  /** Whom the gateway was asked about. */
  asked: GatewayEndpoint[];
  post(given: object): Promise<Answered>;
  postText(text: string, type?: string): Promise<Answered>;
  /** Installs the app in a new location. Returns its id. */
  installed(companyId?: string | null): Promise<string>;
  connectionsOf(locationId: string): Promise<Record<string, unknown>[]>;
  /** Returns the token of a location's first connection, in clear. */
  tokenOf(locationId: string): Promise<string>;
  /** Returns what was done to a location, by the audit log. */
  auditOf(locationId: string): Promise<string[]>;
}

export interface Answered {
  status: number;
  body: Record<string, unknown>;
}

let made = 0;
/** Returns a name that no other case uses. */
export const fresh = (prefix: string): string => `${prefix}${++made}`;

/** Returns what GHL posts for one new instance. */
export function bodyOf(more: Record<string, unknown> = {}) {
  return {
    ...{ access_token: TOKEN, instance_id: fresh('INSTANCE'), whatsapp_number: NUMBER },
    ...{ companyId: null, locationId: null, approveAllLocations: false, excludedLocations: null },
    ...more,
  };
}

/** Returns a gateway's word for why a number can not send. */
export const heldBy = (code: string, state: 'reauth' | 'relogin'): ProbeResult => ({
  ...{ kind: 'held', state, code, text: `What the operator does about ${code}.` },
});

export const connected = (): ProbeResult => ({ kind: 'connected', number: { channel: 'whatsapp', value: NUMBER } });

export async function startExternalAuthApp(): Promise<ExternalAuthApp> {
  const probe = async (endpoint: GatewayEndpoint): Promise<ProbeResult> => {
    started.asked.push(endpoint);
    return await started.answer(endpoint);
  };
  const http = await startHttpApp({ env: { ENDPOINT_SECRET: KEY }, gateway: { probe } });
  const { store } = http.app;
  const connectionsOf = (locationId: string) => http.db.knex('connections').where({ location_id: locationId });
  const postText = async (text: string, type = 'application/json'): Promise<Answered> => {
    const headers = { 'x-bridge-key': KEY, 'content-type': type };
    const response = await fetch(`${http.ingress}/ghl/external-auth`, { method: 'POST', body: text, headers });
    return { status: response.status, body: (await response.json()) as Answered['body'] };
  };
  const started: ExternalAuthApp = {
    ...http,
    answer: connected,
    asked: [],
    postText,
    post: (given) => postText(JSON.stringify(given)),
    connectionsOf,
    tokenOf: async (locationId) => store.connections.endpointOf(await connectionsOf(locationId).first()).token,
    auditOf: (locationId) => http.db.knex('audit_log').where({ location_id: locationId }).pluck('action'),
    installed: async (companyId = null) => {
      const locationId = fresh('loc');
      const grant = { accessToken: 'a', refreshToken: 'r', expiresInS: 1, scope: '' };
      await store.installations.install({ locationId }, { companyId, grant });
      return locationId;
    },
  };
  return started;
}
