import type { App } from '../app';
import type { GatewayEvent } from '../channels/gateway';
import { isGroup } from '../domain/address';
import type { Scope } from '../store/context';
import type { EventApplied, EventSource } from './eventSource';
import { groupsAreOn } from './groups';
import { personOf } from './learnIdentity';

/** A message that a connection itself has sent, by the gateway's id. */
export interface OwnRef extends Scope {
  connectionId: string;
  gatewayId: string;
}

/**
 * Applies a message from the connection itself: the echo of our own send, which proves it, or one that somebody typed on
 * the phone, which is shown in GHL. What cannot be told apart yet waits in the store, where a loop takes it up.
 */
export async function applyOwn(
  source: EventSource,
  event: Extract<GatewayEvent, { kind: 'own' }>,
): Promise<EventApplied> {
  const { app, scope, connection } = source;
  const { gatewayId, content, at, history, standIn } = event;
  // History tells whose number it was then: it teaches nothing about today.
  const lid = history && event.to !== null ? undefined : event.lid;
  const to = await personOf(source, { address: event.to, lid });
  // What was said before the number was connected here, to itself, or to a group while those are off, is not shown.
  const isOld = history && at < connection.created_at;
  const isToItself = to !== null && app.store.connections.hasNumber(connection, to);
  const mayBeOwn = to !== null && !isOld && !isToItself && (!isGroup(to) || groupsAreOn(connection));
  const ref = { ...scope, connectionId: connection.id, gatewayId };
  const wakes = await app.store.messages.recordEcho(scope, { ...ref, to, content, at, mayBeOwn, standIn });
  if (!mayBeOwn) return { wakes };
  return { wakes: [...wakes, ...(await takeOwnMessage(app, ref)).wakes] };
}

/** Takes up a message of the connection that no send has claimed, and starts its workflow when it is nobody's. */
export async function takeOwnMessage(
  app: Pick<App, 'store' | 'starter' | 'metrics'>,
  { connectionId, gatewayId, ...scope }: OwnRef,
): Promise<Required<Pick<EventApplied, 'wakes'>>> {
  const { accepted, wakes } = await app.store.messages.takeOwn(scope, connectionId, gatewayId);
  if (accepted !== null) {
    app.metrics.messages.inc({ channel: accepted.channel, direction: 'inbound', event: 'accepted' });
    app.starter.startMessage(accepted);
  }
  return { wakes };
}
