import { treatedAs } from '../../domain/laneRules';
import type { Trx } from '../context';
import type { MessageRow } from '../rows';
import { findNext, type NextMessage } from './next';
import type { Sight } from './sight';

/**
 * The same bulk text to the same contact waits. When it was written to the contact is noted in whatever is found to be a
 * repetition (`repeat_at`); how long that holds it is a matter of the rules at each look, and of its rank.
 */

type Text = Pick<MessageRow, 'location_id' | 'party' | 'content_key'>;

/** Returns when a text was last written to a contact within `withinMs`, by another message; null: it was not. */
export async function lastWritten(
  trx: Trx,
  { id, location_id, party, content_key }: Text & { id: string },
  withinMs: number,
  now: number,
): Promise<number | null> {
  if (withinMs === 0 || content_key === null) return null;
  const row = await trx('messages as m')
    .join('message_parts as p', 'p.message_id', 'm.id')
    .where({ 'm.location_id': location_id, 'm.party': party, 'm.content_key': content_key })
    .whereNot('m.id', id)
    .where('p.charged_at', '>', now - withinMs)
    .max<{ at: number | string | null }[]>({ at: 'p.charged_at' })
    .first();
  return row?.at == null ? null : Number(row.at);
}

/** So many repetitions are noted in one claim. */
const MOST = 20;

/**
 * Returns who goes next, past repetitions that nobody knew of: they are noted, and it is looked anew. Past MOST it may be
 * one that nobody has looked at, but never the asking one: it looks at itself when it is woken.
 */
export async function findUnrepeated(trx: Trx, sight: Sight, selfId: string): Promise<NextMessage | null> {
  const { rules, now } = sight;
  // The end: past MOST only the asking one is noted, and that once.
  for (let n = 0; ; n++) {
    const next = await findNext(trx, sight);
    if (next === null || next.at > now || treatedAs(next.message) === 'reply') return next;
    const { id, repeat_at } = next.message;
    if (n >= MOST && id !== selfId) return next;
    const writtenAt = await lastWritten(trx, next.message, rules.duplicateTextMs, now);
    if (writtenAt === null || (repeat_at !== null && repeat_at >= writtenAt)) return next;
    await trx<MessageRow>('messages').where({ id }).update({ repeat_at: writtenAt });
  }
}

/** A text that certainly was not sent has no repetitions: what waits for its contact is looked at anew. */
export async function forgetRepeats(
  trx: Trx,
  { lane_id, party }: Pick<MessageRow, 'lane_id' | 'party'>,
): Promise<void> {
  await trx<MessageRow>('messages')
    .where({ lane_id, open: 1, party })
    .whereNotNull('repeat_at')
    .update({ repeat_at: null });
}
