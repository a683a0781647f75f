import type { Retry } from './errors';
import type { MessageStatus } from './messageStatus';

/**
 * Arguments and results that cross between workflows and activities: small, versioned ids and words, readable by code
 * that is written 60 days later. Never a text, number, token or address.
 */
export interface MessageArgs extends Record<string, unknown> {
  v: 1;
  locationId: string;
  /** The id of the ledger's row. */
  messageId: string;
}

export interface ConnectionArgs extends Record<string, unknown> {
  v: 1;
  locationId: string;
  connectionId: string;
}

export interface TokenRefreshArgs extends Record<string, unknown> {
  v: 1;
  resourceId: string;
  tokenVersion: number;
}

export interface InstallationArgs extends Record<string, unknown> {
  v: 1;
  /** A locationId or companyId. */
  resourceId: string;
  kind: 'location' | 'company';
}

/** Where an installation stands after a step of its run. */
export interface InstallationStep {
  state: string;
  /** Milliseconds until the next step; null: none is due. */
  ms: number | null;
  /** A code: why it waits. */
  reason: string | null;
}

/** Where a message stands after a step of its run. */
export type StepResult =
  /** Not yet: come back in `ms`, or when woken. */
  | { kind: 'wait'; state: 'waiting' | 'sending'; ms: number; reason: string; text: string | null }
  /** It has left its lane. */
  | ({ kind: 'out' } & Standing);

export interface Standing {
  state: MessageStatus;
  reason: string | null;
  connectionId: string | null;
  /** GHL does not know yet what it should. */
  untold: boolean;
  /** Milliseconds for which a further receipt may come; null: none is awaited. */
  receiptsForMs: number | null;
}

/** What `connection:{id}` shows of its connection. */
export interface ConnectionView {
  state: string;
  since: number;
  why: string | null;
  next: string | null;
  waiting: number;
}

/** Why an update could not do what was asked: a domain error as it may stand in a history. */
export interface Refusal {
  code: string;
  retry: Retry;
  /** A sentence for the person who asked. */
  message: string;
  /** HTTP status. */
  status: number;
}

/**
 * What the update `qr` answers: never the code itself. `ready`: the store holds a code to scan, until `expiresAt` (epoch
 * milliseconds); neither ready nor connected: `refusal` says why.
 */
export interface QrAnswer {
  connected: boolean;
  ready: boolean;
  expiresAt: number | null;
  refusal: Refusal | null;
}

/** What the update `reconnect` answers: what the gateway said of the number just now, and how it stands by that. */
export interface ReconnectAnswer extends ConnectionView {
  gateway: 'connected' | 'held' | 'unreachable';
}

/** The updates of `connection:{id}`, by name, with what they answer; none takes an argument. Null: it is gone. */
export interface ConnectionUpdates {
  qr: QrAnswer | null;
  reconnect: ReconnectAnswer | null;
}

/** Task queues (contract, section 4). */
export const TASK_QUEUES = { main: 'bridge', gateway: 'bridge-gateway', token: 'bridge-token' } as const;

/** The one signal of every workflow: something has changed, look in the ledger. It carries nothing. */
export const WAKE_SIGNAL = 'wake';
