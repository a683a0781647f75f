import type { Content } from '../domain/content';
import { reactionWords } from '../domain/quotation';
import type { EventSource } from './eventSource';

/**
 * Returns an event with the message that it reacts to in its words: WhatsApp names that by its id alone. Every other
 * event as it is. Throws the store's error.
 */
export async function quoteReaction<E extends { content: Content }>(source: EventSource, event: E): Promise<E> {
  const { reaction, replyTo } = event.content;
  if (reaction === undefined || replyTo === undefined) return event;
  const { app, scope, connection } = source;
  const named = { gateway: connection.gateway, connectionId: connection.id, gatewayId: replyTo };
  const words = await app.store.messages.wordsOf(scope, named);
  return { ...event, content: { ...event.content, text: reactionWords(reaction, words ?? undefined) } };
}
