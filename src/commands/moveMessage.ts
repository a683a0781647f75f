import type { App } from '../app';
import { notFound } from '../domain/errors';
import type { MessageStatus } from '../domain/messageStatus';
import type { Scope } from '../store/context';

export interface MoveInput extends Scope {
  messageKey: string;
  /** The number on which it is to go. */
  connectionId: string;
  /** Who does it, for the audit log. */
  actor: string;
}

/**
 * Moves a waiting message to another number of its location, with what else waits for its contact. Returns its state and
 * how many have moved. Throws `not_found`, and `not_movable` where it, or an earlier one to its contact, is being sent.
 */
export async function moveMessage(
  app: Pick<App, 'store' | 'starter'>,
  { locationId, messageKey, connectionId, actor }: MoveInput,
): Promise<{ state: MessageStatus; moved: number }> {
  const scope = { locationId };
  const found = await app.store.messages.findByKey(scope, messageKey);
  if (found === null) throw notFound('message');
  const { state, moved, wakes } = await app.store.messages.moveToConnection(scope, found.message.id, connectionId);
  app.starter.wakeSoon(wakes);
  const detail = { moved, connectionId };
  await app.store.audit.write({ actor, action: 'message.move', ...scope, subject: messageKey, detail });
  return { state, moved };
}
