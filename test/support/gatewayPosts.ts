import { hashSecret } from '../../src/crypto/secrets';
import type { HttpApp } from './httpApp';

export const INSTANCE = '609ACF283ABCD';
export const CONTACT_JID = '60198765432@s.whatsapp.net';

/** A message as the gateway's engine describes it. */
export function upsert(id: string, text: string, own: Record<string, unknown> = {}): object {
  const key = { remoteJid: CONTACT_JID, fromMe: false, id, ...own };
  const message = {
    key,
    messageTimestamp: Math.floor(Date.now() / 1000),
    pushName: 'Ann',
    message: { conversation: text },
  };
  return message;
}

/** Returns the body of one post that holds these messages. */
export function upserts(...messages: object[]): string {
  return JSON.stringify({
    instance_id: INSTANCE,
    data: { event: 'messages.upsert', data: { type: 'notify', messages } },
  });
}

/** Returns the body of one post with a receipt: 0 nack, 2 server, 3 delivered, 4 read. */
export function receipt(id: string, status: number): string {
  const update = { key: { remoteJid: CONTACT_JID, fromMe: true, id }, update: { status } };
  return JSON.stringify({ instance_id: INSTANCE, data: { event: 'messages.update', data: [update] } });
}

/** Connects a number straight in the store. Returns its connection's id and the secret of its webhook address. */
export async function connected(http: HttpApp, locationId: string, instanceId = INSTANCE) {
  const secret = `webhook-secret-of-${locationId}`;
  const { connectionId } = await http.app.store.connections.connect(
    { locationId },
    {
      channel: 'whatsapp',
      gateway: 'waapify',
      baseUrl: `https://gateway-of-${locationId}.example.com/api`,
      instanceId,
      token: 'gateway-token',
      webhookSecret: secret,
      webhookHash: hashSecret(secret),
    },
  );
  return { connectionId, secret, scope: { locationId } };
}
