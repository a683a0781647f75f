import { text, type Reply } from '../kit/answer';
import type { SendContent } from './webhooks/shapes';
import type { WaapifySettings } from './settings';

/** Generation of an endpoint: `send.php` is v1, `send` is v2. */
export type Generation = 'v1' | 'v2';

/** An HTML page as a proxy in front of the gateway shows it. */
export const HTML_PAGE = '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>';

/** Returns JSON as this generation declares it: v1 says text/html (Waapify API behaviour). */
export function reply(generation: Generation, body: unknown): Reply {
  return raw(generation, JSON.stringify(body));
}

/** Returns a body as this generation declares it. Errors have HTTP 200 like everything else. */
export function raw(generation: Generation, body: string): Reply {
  return text(200, body, generation === 'v1' ? 'text/html; charset=UTF-8' : 'application/json; charset=utf-8');
}

/** Returns an error: HTTP 200, `{"status":"error","message":"..."}`. */
export function failure(generation: Generation, message: string, extra: object = {}): Reply {
  return reply(generation, { status: 'error', message, ...extra });
}

/** Returns a success that says only so. */
export function success(generation: Generation, message = 'Success', extra: object = {}): Reply {
  return reply(generation, { status: 'success', message, ...extra });
}

/** Returns the answer to a send, in the form that the settings choose. */
export function sentReply(
  generation: Generation,
  shape: WaapifySettings['successShape'],
  sent: { jid: string; gatewayId: string; content: SendContent; at: number },
): Reply {
  const data = {
    key: { remoteJid: sent.jid, fromMe: true, id: sent.gatewayId },
    message: sent.content,
    messageTimestamp: String(Math.floor(sent.at / 1000)),
    status: 'PENDING',
  };
  if (shape === 'v1') return success(generation, 'Success', { data });
  if (shape === 'v2') return reply(generation, { status: 'success', message: data });
  return raw(generation, `{"status":"success","message":"Success","message":${JSON.stringify(data)}}`);
}
