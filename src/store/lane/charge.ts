import type { SendOutcome } from '../../channels/gateway';
import { CLAIM_MAX_AGE_MS } from '../../domain/lane/lease';
import { treatedAs } from '../../domain/laneRules';
import type { Trx } from '../context';
import type { MessageRow, PartRow } from '../rows';
import { contactAnew, isFresh, markContactKnown, markKnown } from './fresh';
import { forgetRepeats } from './repeats';

type Charged = Pick<PartRow, 'charged_at' | 'charged_as' | 'opens'>;

/**
 * Returns what a claimed part counts for in its number's caps: as written at the latest moment at which it can be, until
 * its outcome tells. What waits for its address opens no conversation any more.
 */
export async function charge(trx: Trx, message: MessageRow, now: number): Promise<Charged> {
  if (message.direction === 'inbound') return { charged_at: null, charged_as: null, opens: 0 };
  const charged = { charged_at: now + CLAIM_MAX_AGE_MS, charged_as: treatedAs(message) };
  if (message.fresh === 0) return { ...charged, opens: 0 };
  await markKnown(trx, message);
  await markContactKnown(trx, message);
  return { ...charged, opens: await isFresh(trx, message) };
}

/**
 * Returns when a part counts as written, by its outcome: what may have left counts, what was refused or never left does
 * not. An echo that proves it after all counts it again.
 */
export async function recharge(
  trx: Trx,
  message: MessageRow,
  part: PartRow,
  outcome: SendOutcome,
  writtenAt: number | null,
): Promise<void> {
  const counts = outcome.kind === 'accepted' || outcome.kind === 'ambiguous';
  const chargedAt = counts ? (writtenAt ?? part.charged_at) : null;
  await trx<PartRow>('message_parts').where({ id: part.id }).update({ charged_at: chargedAt });
  if (counts) return;
  if (part.opens === 1) {
    await contactAnew(trx, message);
    await trx<MessageRow>('messages')
      .where({ id: message.id })
      .update({ fresh: await isFresh(trx, message) });
  }
  await forgetRepeats(trx, message);
}
