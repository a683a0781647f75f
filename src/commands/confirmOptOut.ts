import type { App } from '../app';
import { present } from '../domain/present';
import { planParts } from '../domain/parts';
import { OPT_OUT_SOURCE } from '../store/optOuts';
import type { OptOutTask } from '../store/optOutTasks';

/**
 * Takes the confirmation of an opt-out for sending, on the number to which the contact wrote; from there it goes like
 * any other message. The opt-out's own message is its key: once per opt-out, however often this is called.
 */
export async function confirmOptOut(
  { store, starter, gateway, metrics }: Pick<App, 'store' | 'starter' | 'gateway' | 'metrics'>,
  task: OptOutTask,
  contactId: string,
): Promise<void> {
  const { locationId, messageId, connectionId } = task;
  const { text, to } = present(task.confirm, 'what confirms an opt-out');
  const connection = present(await store.connections.get(task, connectionId), 'the number of an opt-out');
  const content = { v: 1, text } as const;
  const accepted = await store.messages.acceptOutbound(
    { locationId },
    {
      ...{ source: OPT_OUT_SOURCE, sourceKey: messageId, messageKey: `${OPT_OUT_SOURCE}-${messageId}` },
      ...{ ghlMessageId: null, providerId: null, channel: to.channel, contactId, connectionId, address: to, content },
      parts: planParts(content, gateway(connection.gateway).capabilities.partLimits, null),
    },
  );
  if (accepted.duplicate) return;
  metrics.messages.inc({ channel: to.channel, direction: 'outbound', event: 'accepted' });
  starter.startMessage(accepted);
}
