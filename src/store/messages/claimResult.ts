import type { GatewayEndpoint } from '../../channels/gateway';
import type { Address } from '../../domain/address';
import type { Content } from '../../domain/content';
import type { PostedFile } from '../../domain/inboundFile';
import type { MessageStatus } from '../../domain/messageStatus';
import type { PlannedPart } from '../../domain/parts';
import type { Scope, Trx, WakeRef } from '../context';
import type { MessageRow } from '../rows';

/** A granted claim: the write-ahead record of one part. The token proves whose outcome is whose. */
export interface Claim extends Scope {
  messageId: string;
  partId: string;
  attemptToken: string;
  n: number;
  m: number;
}

/** What has to be looked at before a message's first part is claimed. */
export interface Preparation {
  gateway: string;
  endpoint: GatewayEndpoint | null;
  content: Content;
  /** Null: the number needs no check. */
  check: Address | null;
  /** What to do with a file that can not be sent (`mediaFallback` of the connection). */
  fallback: 'fail' | 'link';
  /** Who may go meanwhile. */
  wake: WakeRef | null;
}

export type ClaimResult =
  | {
      kind: 'granted';
      claim: Claim;
      gateway: string;
      endpoint: GatewayEndpoint | null;
      to: Address;
      part: PlannedPart;
      content: Content;
      message: MessageRow;
      /** An earlier claim ended without an outcome: look whether it arrived before doing it again (inbound only). */
      lookFirst: boolean;
      /** How the file goes with it (inbound only); null: there is none. */
      file: PostedFile | null;
    }
  /** Its turn is near, and its files or its number have not been looked at: do that, then ask again. */
  | ({ kind: 'prepare' } & Preparation)
  /** Only the tags of its contact tell on which number it goes: ask GHL for them. `sinceMs`: since its acceptance. */
  | { kind: 'route'; contactId: string; sinceMs: number }
  /** Its turn comes within `ms`: ask again very soon without going back to sleep. */
  | { kind: 'sit'; ms: number; reason: string }
  /** A dry claim (a look that grants nothing) would be granted now. */
  | { kind: 'ready' }
  | { kind: 'wait'; ms: number; reason: string; text: string | null; wake: WakeRef | null }
  /** Nothing (more) to claim: the message has ended, or all its parts have been sent. */
  | { kind: 'done'; state: MessageStatus; wake: WakeRef | null };

/** What a refusal notes in the row. */
export interface WaitOptions {
  now: number;
  until: number;
  reason: string;
  reasonText?: string;
  state?: 'waiting' | 'sending';
  set?: Partial<MessageRow>;
}

/** Writes down that the message waits, since when, why and until when. */
export async function waitFor(
  trx: Trx,
  message: MessageRow,
  options: WaitOptions,
): Promise<ClaimResult & { kind: 'wait' }> {
  const { now, until, reason, state = 'waiting' } = options;
  await trx<MessageRow>('messages')
    .where({ id: message.id })
    .update({
      state,
      state_since: message.state === state ? message.state_since : now,
      reason,
      reason_text: options.reasonText ?? null,
      next_wake_at: until,
      ...options.set,
    });
  return { kind: 'wait', ms: Math.max(until - now, 1), reason, text: options.reasonText ?? null, wake: null };
}
