import type { Content } from '../../domain/content';
import { echoOfPart, type PartSpec } from '../../domain/parts';
import type { MessageRef, Scope, StoreContext, Trx, WakeRef } from '../context';
import { messageRefOf } from '../lanes';
import type { MessageRow, PartRow } from '../rows';
import { echoKey } from './codec';

export interface Accepted extends MessageRef {
  /** When it will probably go, epoch milliseconds. */
  plannedAt: number;
  /** The database's time of the acceptance. */
  now: number;
  /** True: it was here already, nothing was stored. */
  duplicate: boolean;
  /** Who may go earlier by its acceptance, and sleeps. */
  wakes: WakeRef[];
}

/** Returns the message of a (location, source, source key), if it was accepted before. */
export async function findBySource(
  trx: Trx,
  scope: Scope,
  source: string,
  sourceKey: string,
): Promise<MessageRow | undefined> {
  return await trx<MessageRow>('messages')
    .where({ location_id: scope.locationId, source, source_key: sourceKey })
    .first();
}

/** Returns what an accept answers for a row. */
export function acceptedOf(row: MessageRow, now: number, duplicate: boolean, wakes: WakeRef[] = []): Accepted {
  return {
    ...messageRefOf(row),
    plannedAt: row.next_wake_at ?? now,
    now,
    duplicate,
    wakes,
  };
}

/** Inserts the parts of a message's present attempt. */
export async function insertParts(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  content: Content,
  specs: readonly PartSpec[],
): Promise<void> {
  const rows = specs.map((spec, index): PartRow => ({
    id: `${message.id}.${message.attempt}.${index + 1}`,
    message_id: message.id,
    location_id: message.location_id,
    connection_id: message.connection_id,
    attempt: message.attempt,
    n: index + 1,
    m: specs.length,
    state: 'unsent',
    reason: null,
    gateway_id: null,
    attempt_token: null,
    address_key: message.address_key,
    // What is posted to GHL has no echo.
    echo_key: message.direction === 'outbound' ? echoKey(ctx.crypto, echoOfPart(content, spec)) : null,
    claimed_at: null,
    charged_at: null,
    charged_as: null,
    opens: 0,
    written_at: null,
    lease_until: null,
    ambiguous_until: null,
    ack: null,
    refused_as: null,
    refused_times: 0,
    state_since: message.accepted_at,
    spec: JSON.stringify(spec),
    to_group: message.to_group,
  }));
  await trx<PartRow>('message_parts').insert(rows);
}

type Blank = Omit<
  MessageRow,
  | 'direction'
  | 'source'
  | 'source_key'
  | 'message_key'
  | 'workflow_id'
  | 'channel'
  | 'connection_id'
  | 'lane_id'
  | 'seq'
  | 'party'
  | 'address_key'
  | 'address_sealed'
  | 'content_sealed'
>;

/** Returns the columns of a new message that every accept sets alike. */
export function blankMessage(id: string, scope: Scope, now: number): Blank {
  return {
    id,
    location_id: scope.locationId,
    ghl_message_id: null,
    provider_id: null,
    rank: 0,
    contact_id: null,
    conversation_id: null,
    user_id: null,
    content_key: null,
    state: 'accepted',
    reason: null,
    reason_text: null,
    open: 1,
    claimable: 1,
    claimed: 0,
    attempt: 1,
    tries: 0,
    retry_spent_ms: 0,
    retry_last_at: null,
    hold_since: null,
    written_at: null,
    accepted_at: now,
    not_before: 0,
    fresh: 0,
    repeat_at: null,
    next_wake_at: null,
    state_since: now,
    receipt_deadline: null,
    told: 'nothing',
    tell_due_at: null,
    erased_at: null,
    prepared: 1,
    files: 0,
    to_group: 0,
    own: 0,
    class: 'reply',
    sender: null,
    classed_at: now,
    answers: 0,
    earlier_id: null,
    earlier_attempt: null,
    earlier_until: null,
    follows: 0,
  };
}
