import type { Address } from '../../domain/address';
import type { GatewayAdapter, GatewayCapabilities, GatewayEndpoint } from '../gateway';
import { checkPhone, type PhoneCheck } from './calls/checkPhone';
import { probeConnection } from './calls/probe';
import { fetchQr } from './calls/qr';
import { sendPart } from './calls/send';
import { setWebhook } from './calls/setWebhook';
import { createWaapifyClient } from './client';
import { parseWebhook } from './webhook';

const CAPABILITIES: GatewayCapabilities = {
  idempotencyKey: false,
  lookup: false,
  echo: true,
  receipts: true,
  textLimit: 4096,
  paced: true,
};

/** An ordinary browser's form: firewalls in front of the gateway answer odd ones with an HTML page. */
const USER_AGENT = 'Mozilla/5.0 (compatible; ghl-waapify-bridge)';

export interface WaapifyAdapterOptions {
  /** Timeout of a call that brings none of its own, in milliseconds. */
  timeoutMs: number;
  userAgent?: string;
}

export interface WaapifyAdapter extends GatewayAdapter {
  /** Asks whether a number is on WhatsApp, within `waitMs`. Never throws; `unknown` must hold nothing up. */
  checkPhone(endpoint: GatewayEndpoint, phone: Address, waitMs: number): Promise<PhoneCheck>;
}

/** Returns the adapter of the Waapify gateway: WhatsApp numbers linked as devices, both generations of its API. */
export function createWaapifyAdapter({ timeoutMs, userAgent = USER_AGENT }: WaapifyAdapterOptions): WaapifyAdapter {
  const client = createWaapifyClient({ userAgent, timeoutMs });
  return {
    name: 'waapify',
    channel: 'whatsapp',
    capabilities: CAPABILITIES,
    send: (endpoint, to, part, guard) => sendPart(client, endpoint, to, part, guard),
    probe: (endpoint) => probeConnection(client, endpoint),
    qr: (endpoint) => fetchQr(client, endpoint),
    registerWebhook: (endpoint, url) => setWebhook(client, endpoint, url),
    parseWebhook: (endpoint, raw) => parseWebhook(endpoint, raw, Date.now()),
    checkPhone: (endpoint, phone, waitMs) => checkPhone(client, endpoint, phone, waitMs),
  };
}
