/** The records of the stand-in Waapify gateway, as its controls show them. */

/**
 * created, qr: never scanned. connected: sends. no_session: logged in, but the worker has lost its socket until
 * `reconnect`. logged_out: a new QR scan is needed.
 */
export const INSTANCE_STATES = ['created', 'qr', 'connected', 'no_session', 'logged_out'] as const;
export type InstanceState = (typeof INSTANCE_STATES)[number];

/** What happens by itself after a message went out. */
export interface Auto {
  echo: boolean;
  /** Receipts 2, 3 and 4. */
  server: boolean;
  delivered: boolean;
  read: boolean;
  /** Waits before each of them, counted from the one before. */
  delaysMs: { echo: number; server: number; delivered: number; read: number };
  /** Receipts arrive read first, server last. */
  reversed: boolean;
}

/** What the gateway's own plan allows; `reconnect` knows nothing of it. */
export interface Plan {
  /** null: no limit. */
  messagesLeft: number | null;
  expired: boolean;
}

export interface WaapifyInstance {
  /** 13 upper-case hex digits. */
  id: string;
  /** The team's access token. */
  token: string;
  state: InstanceState;
  /** Digits with country code; set by the scan of the QR code. */
  number?: string;
  webhook?: { url: string; enabled: boolean };
  auto: Auto;
  plan: Plan;
}

/** What the gateway knows of a WhatsApp user. */
export interface WaapifyContact {
  exists: boolean;
  /** `digits@lid`; null: WhatsApp gives none. */
  lid: string | null;
  /** The number under which WhatsApp knows the account, where it is another one (digits). */
  knownAs?: string;
}

/** A file that the gateway fetched for a message. */
export interface FetchedMedia {
  status: number;
  contentType: string;
  bytes: number;
  /** Hex. */
  sha256: string;
}

/** A message that really went out to WhatsApp: what the checks for loss, doubles and order look at. */
export interface WaapifySend {
  /** Epoch milliseconds. */
  at: number;
  instanceId: string;
  /** Digits of the receiver, or a group's jid. */
  number: string;
  type: 'text' | 'media' | 'template';
  /** Text or caption as the receiver sees it. */
  text: string;
  gatewayId: string;
  mediaUrl?: string;
  filename?: string;
  media?: FetchedMedia;
}

/** A request as it came in; the access token is left out. */
export interface WaapifyRequest {
  at: number;
  endpoint: string;
  generation: 'v1' | 'v2';
  method: string;
  params: Record<string, string>;
  /** HTTP status, 0 as long as there is no answer. */
  status: number;
  /** How it ends: `pass` or the end of the fault. */
  end: string;
  note?: string;
}

export const WEBHOOK_KINDS = ['echo', 'own', 'message', 'call', 'receipt', 'contacts', 'connection', 'raw'] as const;
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

/** A webhook and what became of it; `status` 0 with an error, or without one when it was not posted. */
export interface WaapifyWebhook {
  at: number;
  instanceId: string;
  kind: WebhookKind;
  gatewayId?: string;
  outcome: 'posted' | 'lost' | 'held' | 'no_webhook';
  status: number;
  error?: string;
}
