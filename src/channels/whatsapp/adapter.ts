import type { GatewayAdapter, GatewayCapabilities } from '../gateway';
import type { PartLimits } from '../../domain/parts';
import { checkPhone } from './calls/checkPhone';
import { probeConnection } from './calls/probe';
import { fetchQr } from './calls/qr';
import { sendPart } from './calls/send';
import { setWebhook } from './calls/setWebhook';
import { createWaapifyClient } from './client';
import { GUARD_BYTES } from './guardText';
import { parseWebhook } from './webhook';

/**
 * Own limits: WhatsApp takes longer texts, but the gateway takes them in an address, and servers commonly cut those at
 * 8 KB; under a picture WhatsApp's own apps stop at 1,024 characters.
 */
const LIMITS: PartLimits = {
  text: { units: 4096, encodedBytes: 6_000, guardBytes: GUARD_BYTES },
  caption: { units: 1024, encodedBytes: 6_000, guardBytes: GUARD_BYTES },
};

const CAPABILITIES: GatewayCapabilities = {
  idempotencyKey: false,
  lookup: false,
  echo: true,
  receipts: true,
  partLimits: LIMITS,
  numberCheck: true,
  paced: true,
};

/** An ordinary browser's form: firewalls in front of the gateway answer odd ones with an HTML page. */
const USER_AGENT = 'Mozilla/5.0 (compatible; ghl-waapify-bridge)';

export interface WaapifyAdapterOptions {
  /** Timeout of a call that brings none of its own, in milliseconds. */
  timeoutMs: number;
  userAgent?: string;
}

/** Returns the adapter of the Waapify gateway: WhatsApp numbers linked as devices, both generations of its API. */
export function createWaapifyAdapter({ timeoutMs, userAgent = USER_AGENT }: WaapifyAdapterOptions): GatewayAdapter {
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
    checkNumber: (endpoint, address, waitMs) => checkPhone(client, endpoint, address, waitMs),
  };
}
