/** The operations of GHL's API that the bridge uses: labels of metrics and log lines, and keys of the error table. */
export type GhlOperation =
  | 'oauth.exchange'
  | 'oauth.refresh'
  | 'oauth.location'
  | 'oauth.installed'
  | 'message.status'
  | 'message.inbound'
  | 'message.list'
  | 'message.upload'
  | 'conversation.search'
  | 'conversation.create'
  | 'conversation.update'
  | 'conversation.delete'
  | 'contact.find'
  | 'contact.create'
  | 'contact.get'
  | 'contact.update'
  | 'note.create'
  | 'note.list'
  | 'task.create'
  | 'task.list'
  | 'task.complete'
  | 'location.get';

/** Value of the `Version` header of the conversations endpoints (GHL's OpenAPI files). Left out, GHL answers 401. */
export const CONVERSATIONS_VERSION = '2021-04-15';

/** Value of the `Version` header of contacts, locations and the location-token exchange (GHL's OpenAPI files). */
export const CORE_VERSION = '2021-07-28';

/**
 * Returns whether a repetition may double the effect. Posting a message, a note or a task does: GHL has no idempotency
 * key for them. Creating a contact is not among them, because every upsert begins with a search by phone.
 */
export function mayDouble(operation: GhlOperation): boolean {
  return operation === 'message.inbound' || operation === 'note.create' || operation === 'task.create';
}
