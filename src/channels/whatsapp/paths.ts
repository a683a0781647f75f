import type { GatewayEndpoint } from '../gateway';

export type WaapifyMethod = 'send' | 'sendGroup' | 'reconnect' | 'qr' | 'setWebhook';

/** The same product in two generations: `.php` files, later path names (Waapify API behaviour). */
const PATHS: Record<NonNullable<GatewayEndpoint['dialect']>, Record<WaapifyMethod, string>> = {
  'php-v1': {
    send: 'send.php',
    sendGroup: 'sendgroupmsg.php',
    reconnect: 'reconnect.php',
    qr: 'getqrcode.php',
    setWebhook: 'setwebhook.php',
  },
  'slash-v2': {
    send: 'send',
    sendGroup: 'send_group',
    reconnect: 'reconnect',
    qr: 'get_qrcode',
    setWebhook: 'set_webhook',
  },
};

/**
 * Returns the address of a call, token and parameters in its query: the first generation reads nothing else and
 * answers a body with "Access token does not exist". The result is a secret: never log or throw it.
 * Throws TypeError when the connection's base URL is none or not http(s).
 */
export function callUrl(endpoint: GatewayEndpoint, method: WaapifyMethod, params: Record<string, string>): URL {
  const url = new URL(endpoint.baseUrl);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError('not an http address');
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${PATHS[endpoint.dialect ?? 'php-v1'][method]}`;
  url.hash = '';
  url.search = new URLSearchParams({
    ...params,
    instance_id: endpoint.instanceId,
    access_token: endpoint.token,
  }).toString();
  return url;
}
