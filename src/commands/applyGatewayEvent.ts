import type { App } from '../app';
import type { GatewayEvent } from '../channels/gateway';
import { inboundParts } from '../domain/parts';
import type { Scope, WakeRef } from '../store/context';
import type { ConnectionRow } from '../store/rows';

/** Where an event comes from. */
export interface EventSource {
  app: App;
  scope: Scope;
  connection: ConnectionRow;
}

export interface EventApplied {
  /** Whom to wake. */
  wakes?: WakeRef[];
  /** True: it was not understood, or nobody knows whom it belongs to. */
  puzzled?: boolean;
}

type EventOf<K extends GatewayEvent['kind']> = Extract<GatewayEvent, { kind: K }>;

/** Writes one thing that a gateway said into the ledger. Safe to repeat. Throws the store's error. */
export async function applyGatewayEvent(source: EventSource, event: GatewayEvent): Promise<EventApplied> {
  const { app, scope, connection } = source;
  switch (event.kind) {
    case 'message':
      return await applyMessage(source, event);
    case 'own':
      return { wakes: await app.store.messages.recordEcho(scope, { connectionId: connection.id, ...event }) };
    case 'receipt':
      return await applyReceipt(source, event);
    case 'connection':
      await app.store.connections.askProbe(scope, connection.id);
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
  if (event.from === null) return puzzle(source, 'unresolved sender');
  const parts = inboundParts(event.content);
  if (parts.length === 0) return puzzle(source, 'message without content');
  const { gatewayId, from, content, at, name } = event;
  const { id: connectionId, gateway, channel } = connection;
  const input = { connectionId, gateway, gatewayId, channel, from, content, parts, at, name };
  const accepted = await app.store.messages.acceptInbound(scope, input);
  if (accepted.duplicate) return {};
  app.metrics.messages.inc({ channel, direction: 'inbound', event: 'accepted' });
  app.starter.startMessage(accepted);
  return {};
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
