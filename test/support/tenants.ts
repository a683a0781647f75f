import { connected } from './gatewayPosts';
import type { HttpApp } from './httpApp';
import { contextOf, payloadOf } from './userContexts';
import { fileOf, grantOf, typed } from '../store/line';
import type { Scope } from '../../src/store/context';

/** A location with a number, as the routes meet it. */
export interface Tenant {
  scope: Scope;
  companyId: string;
  instanceId: string;
  connectionId: string;
  /** Of its number's webhook address. */
  secret: string;
  messageId: string;
  messageKey: string;
  contactId: string;
  /** The gateway's id of the message, which was sent. */
  gatewayId: string;
  mediaId: string;
  /** The bearer of an admin's session. */
  token: string;
}

/** Installs a location and has it send a message with a file. GHL_SHARED_SECRET has to be set. */
export async function openTenant(http: HttpApp, name: string, instanceId: string): Promise<Tenant> {
  const { store } = http.app;
  const scope = { locationId: `location-of-${name}` };
  const companyId = `company-of-${name}`;
  await store.installations.install(scope, { companyId, grant: grantOf() });
  const { connectionId, secret } = await connected(http, scope.locationId, instanceId);
  await store.connections.recordProbe(scope, connectionId, { kind: 'connected' });
  const messageKey = `message-of-${name}`;
  const { messageId } = await store.messages.acceptOutbound(scope, typed({ messageKey, to: name }));
  const { mediaId } = await store.media.keep(scope, { ...fileOf(messageId), mediaId: `mediaof${name}` });
  const granted = await store.messages.claimPart(scope, messageId, { dry: false });
  if (granted.kind !== 'granted') throw new Error('The first message of a number goes at once.');
  const gatewayId = `SENT-BY-${name}`;
  await store.messages.recordOutcome(granted.claim, { kind: 'accepted', gatewayId }, 0);
  const contactId = `contact-${name}`;
  await store.contacts.remember(scope, `key-of-${name}`, { contactId, conversationId: null, providerId: null });
  const payload = payloadOf(contextOf({ companyId, activeLocation: scope.locationId, userId: `user-of-${name}` }));
  const answer = await fetch(`${http.ingress}/api/v1/session`, { method: 'POST', body: JSON.stringify({ payload }) });
  const { token } = (await answer.json()) as { token: string };
  const ids = { messageId, messageKey, contactId, gatewayId, mediaId };
  return { scope, companyId, instanceId, connectionId, secret, ...ids, token };
}
