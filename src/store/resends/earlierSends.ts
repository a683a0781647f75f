import { statusOfParts, type MessageStatus } from '../../domain/messageStatus';
import type { Send } from '../../domain/retryGuard';
import type { Trx } from '../context';
import type { MessageRow, PartRow } from '../rows';

/** A retry of a retry leads so far back; what lies before that was in doubt too often to be waited for. */
const MOST_MESSAGES = 8;

type Link = Pick<MessageRow, 'id' | 'location_id' | 'earlier_id' | 'earlier_attempt'>;

/** An earlier send, and where it stands. */
export interface StandingSend extends Send {
  state: MessageStatus;
  /** WhatsApp took back that it was sent. */
  nacked: boolean;
}

/**
 * Returns the sends that a message may repeat, newest first: the one it names, what that one may have repeated itself,
 * and earlier attempts of each. They are locked by their keys, the oldest first, so that whoever proves one of them
 * comes wholly before or wholly after (see `wakeHeeding`).
 */
export async function earlierSends(trx: Trx, message: Link): Promise<StandingSend[]> {
  const named = await namedSends(trx, message);
  const ids = [...new Set(named.map(({ messageId }) => messageId))];
  await lockRows(trx, ids);
  const parts = await trx<PartRow>('message_parts')
    .whereIn('message_id', ids)
    .select('message_id', 'attempt', 'state', 'reason');
  return named.flatMap(({ messageId, attempt: last }) =>
    Array.from({ length: last }, (_, index) => last - index).map((attempt) => {
      const own = parts.filter((part) => part.message_id === messageId && part.attempt === attempt);
      return { messageId, attempt, ...standingOf(own) };
    }),
  );
}

/** Locks messages for the rest of the transaction, the oldest first. */
export async function lockRows(trx: Trx, ids: readonly string[]): Promise<void> {
  await trx<MessageRow>('messages').whereIn('id', ids).orderBy('id').forUpdate().select('id');
}

async function namedSends(trx: Trx, message: Link): Promise<Send[]> {
  const sends: Send[] = [];
  let from: Link | undefined = message;
  while (from !== undefined && sends.length < MOST_MESSAGES) {
    const to: Send | null = linkOf(from);
    if (to === null) break;
    sends.push(to);
    // The link of a resend leads to the message itself, and ends there.
    if (to.messageId === from.id) break;
    from = await trx<MessageRow>('messages').where({ id: to.messageId, location_id: from.location_id }).first();
  }
  return sends;
}

/** Returns the send that a message names as the one which it may repeat; null: it names none. */
export function linkOf(row: Pick<MessageRow, 'earlier_id' | 'earlier_attempt'>): Send | null {
  const { earlier_id: messageId, earlier_attempt: attempt } = row;
  return messageId === null || attempt === null ? null : { messageId, attempt };
}

function standingOf(parts: readonly Pick<PartRow, 'state' | 'reason'>[]): Pick<StandingSend, 'state' | 'nacked'> {
  const state = statusOfParts(
    parts.map((part) => part.state),
    'waiting',
  );
  return { state, nacked: parts.some((part) => part.state === 'unknown' && part.reason === 'nack') };
}
