import { signedByGhl, SMS_SECRET, type HttpApp } from './httpApp';

/** Values that must never come back in an answer or stand in a log line. */
export const PRIVATE = { phone: '+60123456789', text: 'the secret plan', file: 'https://files.example.com/x.png' };

let made = 0;

/** Returns a Delivery post as GHL sends it, with ids and a location of its own: nothing waits before it. */
export function deliveryBody(own: Record<string, unknown> = {}): Record<string, unknown> {
  made += 1;
  return {
    locationId: `loc-of-msg${made}`,
    messageId: `msg${made}`,
    contactId: `contact${made}`,
    type: 'SMS',
    phone: PRIVATE.phone,
    message: PRIVATE.text,
    ...own,
  };
}

export interface PostOptions {
  secret?: string;
  /** The signature header; null: none. */
  signature?: string | null;
}

/** Posts a body as GHL does: signed, unless told otherwise. A body that is not text yet is written as JSON. */
export async function postDelivery(http: HttpApp, body: unknown, options: PostOptions = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { secret = SMS_SECRET, signature = signedByGhl(text) } = options;
  const headers = {
    'content-type': 'application/json',
    ...(signature === null ? {} : { 'x-ghl-signature': signature }),
  };
  return await fetch(`${http.ingress}/ghl/delivery/${secret}`, { method: 'POST', body: text, headers });
}
