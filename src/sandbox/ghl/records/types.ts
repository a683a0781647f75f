/** The records of the stand-in GHL, as its controls show them. */

export type Direction = 'inbound' | 'outbound';

/** What the API can set, and `sent` for what was only logged (GHL docs, Update message status). */
export type MessageStatus = 'pending' | 'sent' | 'delivered' | 'read' | 'failed';

export interface GhlLocation {
  id: string;
  companyId: string;
  name: string;
  /** ISO 3166 alpha-2. */
  country: string;
  /** IANA name. */
  timezone: string;
  /** GHL's "Allow Duplicate Contact". */
  allowDuplicates: boolean;
}

export interface GhlProvider {
  id: string;
  type: 'SMS' | 'Email' | 'Call';
  /** Where this provider's outbound messages are posted; a test may give another one for each message. */
  deliveryUrl?: string;
}

export interface GhlContact {
  id: string;
  locationId: string;
  phone?: string;
  email?: string;
  tags: string[];
  dateAdded: string;
  dateUpdated: string;
  /** All the other properties that were set: name, customFields, dnd, ... */
  fields: Record<string, unknown>;
}

/** An internal note on a contact. */
export interface GhlNote {
  id: string;
  locationId: string;
  contactId: string;
  body: string;
  /** ISO. */
  dateAdded: string;
}

export interface GhlTask {
  id: string;
  locationId: string;
  contactId: string;
  title: string;
  body?: string;
  dueDate: string;
  completed: boolean;
}

export interface GhlConversation {
  id: string;
  locationId: string;
  contactId: string;
  dateAdded: string;
  /** Epoch milliseconds. */
  createdAt: number;
  /** How many messages came in since somebody read it. */
  unreadCount: number;
}

export interface StatusError {
  code: string;
  type: string;
  message: string;
}

export interface StatusChange {
  /** Epoch milliseconds. */
  at: number;
  status: MessageStatus;
  error?: StatusError;
}

/** One try to post a message to the Delivery URL: the bridge's status, or 0 and why there was none. */
export interface DeliveryAttempt {
  at: number;
  status: number;
  error?: string;
}

export interface GhlMessage {
  id: string;
  locationId: string;
  contactId: string;
  conversationId: string;
  direction: Direction;
  /** As the API names it: SMS, Email, Custom, Call, ... */
  type: string;
  body: string;
  attachments: string[];
  status: MessageStatus;
  statusHistory: StatusChange[];
  error?: StatusError;
  altId?: string;
  conversationProviderId?: string;
  userId?: string;
  /** Shown time, ISO. */
  dateAdded: string;
  /** When the stand-in stored it, epoch milliseconds; the status window runs from here. */
  createdAt: number;
  source: 'app' | 'api';
  deliveries: DeliveryAttempt[];
}

/** One thing that happened at the stand-in. No header and no token is kept. */
export interface GhlJournalEntry {
  /** Epoch milliseconds. */
  at: number;
  /** request: a call to the API. delivery: a post to a Delivery URL. event: a post of an app event. */
  kind: 'request' | 'delivery' | 'event';
  operation: string;
  method: string;
  path: string;
  locationId?: string;
  /** HTTP status; 0 as long as there is no answer. */
  status: number;
  summary: string;
  traceId?: string;
  /** The JSON body of an API call as it was received; OAuth bodies are left out. */
  body?: unknown;
}
