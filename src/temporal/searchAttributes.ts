import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import type { MessageStatus } from '../domain/messageStatus';

/** The search attributes of every workflow: ids and words, never anything private (they are never encoded). */
export const ATTRIBUTES = {
  LocationId: defineSearchAttributeKey('LocationId', SearchAttributeType.KEYWORD),
  ConnectionId: defineSearchAttributeKey('ConnectionId', SearchAttributeType.KEYWORD),
  ContactId: defineSearchAttributeKey('ContactId', SearchAttributeType.KEYWORD),
  MessageStatus: defineSearchAttributeKey('MessageStatus', SearchAttributeType.KEYWORD),
  Channel: defineSearchAttributeKey('Channel', SearchAttributeType.KEYWORD),
};

export interface AttributeValues {
  locationId?: string;
  connectionId?: string | null;
  contactId?: string | null;
  status?: MessageStatus;
  channel?: string;
}

/** Returns the attributes to set at a start; what is absent is left out. */
export function searchAttributes(values: AttributeValues): TypedSearchAttributes {
  const pairs = [
    { key: ATTRIBUTES.LocationId, value: values.locationId },
    { key: ATTRIBUTES.ConnectionId, value: values.connectionId },
    { key: ATTRIBUTES.ContactId, value: values.contactId },
    { key: ATTRIBUTES.MessageStatus, value: values.status },
    { key: ATTRIBUTES.Channel, value: values.channel },
  ];
  return new TypedSearchAttributes(pairs.flatMap(({ key, value }) => (value == null ? [] : [{ key, value }])));
}
