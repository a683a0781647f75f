import type { App } from '../app';
import { notFound } from '../domain/errors';
import type { MessageStatus } from '../domain/messageStatus';
import type { Scope } from '../store/context';

export interface CancelInput extends Scope {
  messageKey: string;
  /** Who does it, for the audit log. */
  actor: string;
}

/**
 * Cancels an outbound message that nobody has claimed; its workflow tells GHL, and the next one on its number goes on.
 * Returns its state, and whether it was cancelled by this call. Throws `not_found`.
 */
export async function cancelMessage(
  app: App,
  { locationId, messageKey, actor }: CancelInput,
): Promise<{ cancelled: boolean; state: MessageStatus }> {
  const scope = { locationId };
  const found = await app.store.messages.findByKey(scope, messageKey);
  if (found === null) throw notFound('message');
  const { id, direction, channel } = found.message;
  // What a contact has written stands in GHL or is on its way there: nobody can unsay it.
  if (direction === 'inbound') return { cancelled: false, state: found.message.state };
  const reason = 'cancelled_by_operator';
  const { cancelled, state, wakes } = await app.store.messages.cancel(scope, id, { reason });
  app.starter.wakeSoon(wakes);
  if (cancelled) app.metrics.messages.inc({ channel, direction, event: 'cancelled' });
  await app.store.audit.write({
    actor,
    action: 'message.cancel',
    ...scope,
    subject: messageKey,
    detail: { cancelled },
  });
  return { cancelled, state };
}
