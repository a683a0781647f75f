import { retriedSend, type EqualMessage } from '../../domain/retryGuard';
import type { StoreContext, Trx } from '../context';
import type { MessageRow } from '../rows';
import { namesOfPerson } from '../samePerson';
import { linkOf } from './earlierSends';

/** More equal messages than that are not looked at: what lies before so many cancelled ones has been given up. */
const MOST = 20;

/** What is compared of a message that is being accepted. */
export type Accepting = Pick<MessageRow, 'location_id' | 'party' | 'address_key' | 'content_key'>;

type Guard = Pick<
  MessageRow,
  'earlier_id' | 'earlier_attempt' | 'earlier_until' | 'not_before' | 'state' | 'reason' | 'next_wake_at'
>;

/**
 * Returns the columns by which a message that is being accepted waits for the proof of an earlier one with the same
 * content, on whichever number of the location that went; none when it repeats nothing that is in doubt.
 */
export async function guardRetry(
  ctx: StoreContext,
  trx: Trx,
  message: Accepting,
  plannedAt: number,
  now: number,
): Promise<Partial<Guard>> {
  const earlier = retriedSend(await equalsOf(trx, message), now);
  if (earlier === null) return {};
  const until = now + ctx.timings.unknownWaitMs;
  return {
    earlier_id: earlier.messageId,
    earlier_attempt: earlier.attempt,
    earlier_until: until,
    not_before: until,
    state: 'waiting',
    reason: 'awaiting_earlier',
    next_wake_at: Math.max(plannedAt, until),
  };
}

/** Newest first. One that went to another address of the contact is another message: its number was corrected. */
async function equalsOf(trx: Trx, message: Accepting): Promise<EqualMessage[]> {
  const { location_id, party, content_key, address_key } = message;
  if (content_key === null || address_key === null) return [];
  const rows = await trx<MessageRow>('messages')
    .where({ location_id, party, content_key, direction: 'outbound' })
    .orderBy('id', 'desc')
    .limit(MOST);
  if (rows.length === 0) return [];
  const names = rows.every((row) => row.address_key === address_key)
    ? [address_key]
    : await namesOfPerson(trx, { location_id, address_key });
  return rows.filter((row) => row.address_key !== null && names.includes(row.address_key)).map(equalOf);
}

function equalOf(row: MessageRow): EqualMessage {
  const { id: messageId, attempt, state, state_since: stateSince, told } = row;
  return { messageId, attempt, state, stateSince, told, heeds: linkOf(row) };
}
