import type { Address, Channel } from '../domain/address';
import type { HeldState } from '../domain/connectionState';
import type { Content, PartContent } from '../domain/content';
import type { PartLimits } from '../domain/parts';

/** What a gateway can do; decides how an ambiguous send is reconciled and when a message counts as delivered. */
export interface GatewayCapabilities {
  /** The gateway drops a second send with the same key of ours: a retry is safe. */
  idempotencyKey: boolean;
  /** The gateway can be asked whether it has sent a message. */
  lookup: boolean;
  /** The gateway tells us of our own sends by webhook. */
  echo: boolean;
  /** Delivery and read receipts arrive by webhook. */
  receipts: boolean;
  /** Longest texts of one part. */
  partLimits: PartLimits;
  /** The gateway can be asked whether a number has an account. */
  numberCheck: boolean;
  /** False: no gap between sends is needed (an e-mail service). */
  paced: boolean;
}

/** How to reach one connection at its gateway. Secrets in clear: lives only in memory, never logged. */
export interface GatewayEndpoint {
  connectionId: string;
  baseUrl: string;
  /** The gateway's own id of the number. */
  instanceId: string;
  token: string;
  /** Which generation of the gateway's API the host speaks; `php-v1` when absent. */
  dialect?: 'php-v1' | 'slash-v2';
}

export interface SendGuard {
  /** Client timeout of the whole call in milliseconds. */
  timeoutMs: number;
  /** Our attempt token: sent as the idempotency key where the gateway has one. */
  attemptToken: string;
  /**
   * Called when the connection stands and right before the request is written. False: the claim is too old
   * (a frozen process that thawed), nothing is written and the outcome is `not_sent` with cause `stale_claim`.
   */
  mayWrite: () => boolean;
}

/** A retryable answer that is not worth every retry: after so many of them in a row for one part, it ends. */
export interface RetryLimit {
  retries: number;
  /** `fail`: the part fails with the answer's words. Otherwise its number is held in this state. */
  then: 'fail' | HeldState;
}

/** The one way in which an adapter reports what became of a send. Texts are cleaned of secrets and numbers. */
export type SendOutcome =
  /** The gateway took it and named it. */
  | { kind: 'accepted'; gatewayId: string }
  /** Certainly not sent, and no answer of the gateway: nothing left this machine. */
  | { kind: 'not_sent'; cause: 'refused' | 'dns' | 'tls' | 'connect_timeout' | 'stale_claim' }
  /** The gateway answered that it did not send. */
  | {
      kind: 'rejected';
      retry: 'never' | 'later';
      code: string;
      text: string;
      /** Absent with `later`: tried again until RETRY_DEADLINE_MS. */
      limit?: RetryLimit;
      /** True: the number itself may be lost; its probe is asked at once. */
      doubt?: boolean;
    }
  /** The gateway answered that this number can not send now: hold everything on it. */
  | { kind: 'held'; state: HeldState; code: string; text: string }
  /** It may have been sent: timeout after the write, `null`, HTML, 5xx, reset, success without an id. */
  | { kind: 'ambiguous'; cause: string };

export type ProbeResult =
  | { kind: 'connected'; number?: Address }
  /**
   * The gateway answered; the number can not send. `text` is for the operator, `words` for people in GHL, `code` the
   * gateway's word for it; both absent where it has none.
   */
  | { kind: 'held'; state: HeldState; text: string; code?: string; words?: string }
  /** No usable answer: counts as a miss. */
  | { kind: 'unreachable'; cause: string };

/**
 * Whether a number has an account. `number` is the account's own, which may differ from the one asked for; `lid` its
 * hidden identity, under which its messages may come. `unknown`: no clear answer, and nothing may wait for one.
 */
export type NumberCheck = { kind: 'known'; exists: boolean; number?: Address; lid?: string } | { kind: 'unknown' };

/** How far a message got, as the gateway's receipts say it. */
export type ReceiptLevel = 'nack' | 'pending' | 'server' | 'delivered' | 'read';

/** One person's hidden identity (`lid`, its digits alone) and phone number (`+60123456789`), as the gateway pairs them. */
export interface IdentityPair {
  lid: string;
  phone: string;
}

/** A name that the gateway knows: of a person by number or hidden identity, or of a group by its id (`1203...@g.us`). */
export type KnownName = { name: string } & ({ phone: string } | { lid: string } | { group: string });

/** What a gateway webhook says, one entry for each thing in it; order as posted. */
export type GatewayEvent =
  | {
      kind: 'message';
      gatewayId: string;
      /** Null: the sender could not be resolved to an address (an unresolved LID); never guessed. */
      from: Address | null;
      /** The sender's hidden identity, its digits alone. Beside `from` the two are a pair. They are no phone number. */
      lid?: string;
      /** Written in a group; `from` and `lid` are then the member who wrote it. `id` is the group's address value. */
      group?: { id: string };
      /** The name that the sender shows, if any. */
      name?: string;
      /** When it was written, epoch milliseconds by the channel's clock. */
      at: number;
      /** True: part of a history sync. */
      history: boolean;
      content: Content;
    }
  /** A message from the connection itself: the echo of our own send, or typed on the phone. `lid` is the receiver's. */
  | {
      kind: 'own';
      gatewayId: string;
      to: Address | null;
      lid?: string;
      at: number;
      history: boolean;
      content: Content;
      /** The content only stands in for one that may still come under `gatewayId`: it is shown under this id. */
      standIn?: string;
    }
  | { kind: 'receipt'; gatewayId: string; level: ReceiptLevel; code?: string }
  /** What the gateway knows of people and groups; `names` is absent where it tells none. */
  | { kind: 'contacts'; pairs: IdentityPair[]; names?: KnownName[] }
  /** The state of the number may have changed: ask the gateway now. */
  | { kind: 'connection' }
  /** Understood and deliberately not used (status broadcasts, presence, chat lists). */
  | { kind: 'ignored'; what: string }
  /** Not understood: kept, counted. */
  | { kind: 'junk'; why: string };

export interface QrResult {
  /** PNG as bytes; absent when the number is connected already. */
  png?: Buffer;
  connected: boolean;
}

/** One gateway product. Everything that is peculiar to it stays behind this interface. */
export interface GatewayAdapter {
  readonly name: string;
  readonly channel: Channel;
  readonly capabilities: GatewayCapabilities;
  /** Sends one part. Never throws: every end is a SendOutcome. */
  send(endpoint: GatewayEndpoint, to: Address, part: PartContent, guard: SendGuard): Promise<SendOutcome>;
  /** Asks whether an address has an account, within `waitMs`. Never throws. Absent: the gateway can not be asked. */
  checkNumber?(endpoint: GatewayEndpoint, address: Address, waitMs: number): Promise<NumberCheck>;
  /** Asks whether the number is logged in. Never throws. */
  probe(endpoint: GatewayEndpoint): Promise<ProbeResult>;
  /** Fetches the QR code to scan. Throws DomainError. */
  qr(endpoint: GatewayEndpoint): Promise<QrResult>;
  /** Tells the gateway where to post its webhooks. Throws DomainError. */
  registerWebhook(endpoint: GatewayEndpoint, url: string): Promise<void>;
  /** Parses one webhook body (raw bytes). Never throws: what is not understood is `junk`. */
  parseWebhook(endpoint: { instanceId: string }, raw: Buffer): GatewayEvent[];
}
