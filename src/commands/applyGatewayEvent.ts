import type { GatewayEvent } from '../channels/gateway';
import { lidOf, type Address } from '../domain/address';
import { inGroup } from '../domain/groupText';
import { inboundParts } from '../domain/parts';
import type { EventApplied, EventSource } from './eventSource';
import { groupsAreOn } from './groups';
import { learnContacts, personOf } from './learnIdentity';
import { applyOwn } from './ownPhone';
import { quoteReaction } from './quoteReaction';

type EventOf<K extends GatewayEvent['kind']> = Extract<GatewayEvent, { kind: K }>;

/** Writes one thing that a gateway said into the ledger. Safe to repeat. Throws the store's error. */
export async function applyGatewayEvent(source: EventSource, event: GatewayEvent): Promise<EventApplied> {
  const { app, scope, connection } = source;
  switch (event.kind) {
    case 'message':
      return await applyMessage(source, await quoteReaction(source, event));
    case 'own':
      return await applyOwn(source, await quoteReaction(source, event));
    case 'receipt':
      return await applyReceipt(source, event);
    case 'connection':
      await app.store.connections.askProbe(scope, connection.id);
      return {};
    case 'contacts':
      await learnContacts(source, event);
      return {};
    case 'ignored':
      return {};
    case 'junk':
      return puzzle(source, event.why);
  }
}

async function applyMessage(source: EventSource, event: EventOf<'message'>): Promise<EventApplied> {
  const { app, scope, connection } = source;
  // What was said before the number was connected here was answered elsewhere.
  if (event.history && event.at < connection.created_at) return {};
  if (event.group !== undefined && !groupsAreOn(connection)) return {};
  const chat = await chatOf(source, event);
  if (chat === null) return puzzle(source, 'unresolved sender');
  if (event.group !== undefined && (await showsItself(source, chat.person))) return {};
  const { from, content, name } = chat;
  const parts = inboundParts(event.content);
  if (parts.length === 0) return puzzle(source, 'message without content');
  const { gatewayId, at } = event;
  const { id: connectionId, gateway, channel } = connection;
  const input = { connectionId, gateway, gatewayId, channel, from, content, parts: inboundParts(content), at, name };
  const accepted = await app.store.messages.acceptInbound(scope, input);
  if (accepted.duplicate) return {};
  app.metrics.messages.inc({ channel, direction: 'inbound', event: 'accepted' });
  app.starter.startMessage(accepted);
  return {};
}

/** In whose conversation a message stands, what it says there, and how somebody new is called. */
type Chat = { from: Address; person: Address | null } & Pick<EventOf<'message'>, 'content' | 'name'>;

async function chatOf(source: EventSource, event: EventOf<'message'>): Promise<Chat | null> {
  const { content, name, group, lid } = event;
  const person = await personOf(source, { address: event.from, lid });
  if (group === undefined) return person === null ? null : { from: person, person, content, name };
  const from = { channel: source.connection.channel, value: group.id };
  const number = person === null || lidOf(person) !== null ? undefined : person.value;
  return { from, person, content: inGroup(content, name ?? number) };
}

/** What another number of the location writes in a group comes by that number's own posts, as sent or typed by us. */
async function showsItself({ app, scope }: EventSource, person: Address | null): Promise<boolean> {
  if (person === null) return false;
  return (await app.store.connections.ofNumber(scope, person)).some(groupsAreOn);
}

async function applyReceipt({ app, scope, connection }: EventSource, event: EventOf<'receipt'>): Promise<EventApplied> {
  const { matched, wakes } = await app.store.messages.recordReceipt(scope, { connectionId: connection.id, ...event });
  app.metrics.receipts.inc({ match: matched ? 'matched' : 'unmatched' });
  return { wakes };
}

function puzzle({ app, connection }: EventSource, why: string): EventApplied {
  app.metrics.webhookJunk.inc({ source: 'gateway' });
  app.logger.info({ connectionId: connection.id, why }, 'gateway post not understood; kept');
  return { puzzled: true };
}
