import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { GatewayCapabilities } from '../channels/gateway';
import type { Channel } from '../domain/address';
import type { Gap, LaneDefaults } from '../domain/laneRules';
import type { MessageStatus } from '../domain/messageStatus';
import type { Db } from './db';

export type Trx = Knex.Transaction;

/** Every call names the location it acts for; a row of another location is not found. */
export interface Scope {
  locationId: string;
}

/** Sealing of columns: the row's identity is authenticated with the value, so a value can not be moved to another row. */
export interface ColumnCrypto {
  seal(plain: string, identity: string): string;
  open(sealed: string, identity: string): string;
  /** Keyed hash for equality look-ups of what is sealed. */
  index(text: string): string;
}

/** Times in milliseconds; names and defaults in docs/settings.md. */
export interface StoreTimings {
  gatewayTimeoutMs: number;
  unknownWaitMs: number;
  receiptAlarmMs: number;
  receiptWaitMs: number;
  retryDeadlineMs: number;
  statusFirstDelayMs: number;
  probeIntervalMs: number;
  /** First and longest wait before one message is tried on a number that the gateway refuses to send on. */
  holdTrial: Gap;
  alertAfterMs: number;
  /** How long later messages are held for a file that arrives; FILE_HOLD_MS where absent (a test shortens it). */
  fileHoldMs?: number;
}

export interface StoreContext {
  db: Db;
  crypto: ColumnCrypto;
  timings: StoreTimings;
  /** The rules of every lane, where neither its number nor its location has its own. */
  rules: LaneDefaults;
  capabilities: (gateway: string) => GatewayCapabilities;
  /** What becomes of a file that can not be sent, where its connection does not say. */
  mediaFallback: 'fail' | 'link';
  /** In [0, 1): the jitter of gaps. */
  random: () => number;
}

/** A message as whoever starts or wakes its workflow has to know it. */
export interface MessageRef extends Scope {
  messageId: string;
  workflowId: string;
  direction: 'outbound' | 'inbound';
  channel: Channel;
  state: MessageStatus;
  connectionId: string | null;
  contactId: string | null;
}

/** Who has to be woken after the commit: the head of a lane, or the message itself. */
export interface WakeRef extends MessageRef {
  /** The lane whose mark is cleared once the signal is sent; absent: no mark. */
  laneId?: string;
  /** True once any part was claimed, or the message has ended: its run may be revived whatever became of the last one. */
  claimed: boolean;
}

let made = 0;

/**
 * Returns a new row id: ordered by time, in this process also within a millisecond (so that inserts append and "oldest
 * first" means something), and unguessable. 31 characters.
 */
export function newId(now: number): string {
  made = (made + 1) % 36 ** 4;
  return now.toString(36).padStart(9, '0') + made.toString(36).padStart(4, '0') + randomBytes(9).toString('hex');
}
