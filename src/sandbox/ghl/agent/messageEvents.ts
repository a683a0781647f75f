import { typeName } from '../records/conversations';
import type { GhlState } from '../records/state';
import type { GhlMessage } from '../records/types';
import { postEvent } from './events';

/**
 * Posts InboundMessage or OutboundMessage for a message that was just stored, where `messageEvents` is on: GHL does so
 * for what agents send and for what apps post alike (GHL docs, webhooks; GHL API issues 224 and 260).
 */
export function announceMessage(state: GhlState, message: GhlMessage): void {
  if (!state.settings.messageEvents || state.webhookUrl === undefined) return;
  const { id: messageId, locationId, contactId, conversationId, direction, type, body, status, source } = message;
  const { attachments, dateAdded, userId, conversationProviderId } = message;
  const extra = {
    ...{ messageId, contactId, conversationId, direction, body, status, source, attachments, dateAdded },
    ...{ userId, conversationProviderId, messageType: type, contentType: 'text/plain' },
    messageTypeString: typeName(message),
  };
  void postEvent(state, { type: direction === 'inbound' ? 'InboundMessage' : 'OutboundMessage', locationId, extra });
}
