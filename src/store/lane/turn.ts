import type { LimitReason } from '../../domain/lane/caps';
import { bulkShares, planAhead } from '../../domain/lane/planAhead';
import type { OwnWait } from '../../domain/lane/decide';
import { stepOf } from '../../domain/lane/forecast';
import { openingFor } from '../../domain/lane/openings';
import { treatedAs } from '../../domain/laneRules';
import type { Trx } from '../context';
import type { MessageRow } from '../rows';
import { writtenOf } from './charges';
import { dueOfRow } from './next';
import type { Sight } from './sight';

/** Returns until when a message has to wait, whoever else does, and why: the longest of what holds it. */
export function ownWait({ openings, rules, now }: Sight, message: MessageRow): OwnWait {
  const { rank, not_before: notBefore } = message;
  const due = dueOfRow(message, rules.duplicateTextMs);
  const opening = openingFor(openings, { rank, fresh: message.fresh === 1 });
  if (opening.at > Math.max(due, now) && opening.reason !== null) return { until: opening.at, reason: opening.reason };
  return { until: due, reason: due > notBefore ? 'same_text' : 'retrying' };
}

/** Waits for a limit of the number: the clocks of holds and retries stand meanwhile. */
export const LIMIT_REASONS: readonly string[] = [
  'hourly_cap',
  'daily_cap',
  'new_chats_cap',
  'warming_up',
  'quiet_hours',
] satisfies LimitReason[];

/**
 * Returns when a message that others go before will probably go, epoch milliseconds: by how many there are, what was
 * written lately, and the limits. `gapEndsAt`: when the next of them may.
 */
export async function forecastTurn(trx: Trx, sight: Sight, message: MessageRow, gapEndsAt: number): Promise<number> {
  const ahead = await countAhead(trx, message);
  if (treatedAs(message) === 'bulk') return await forecastBulk(trx, sight, message, ahead, gapEndsAt);
  const { rules, openings, connection } = sight;
  const from = Math.max(openings.reply.at, gapEndsAt);
  const always = { quietHours: null, timeZone: rules.timeZone };
  const series = { from, stepMs: stepOf(rules, 'reply'), written: [], shares: [], rules: always };
  return planAhead({ ...series, returnedAt: connection?.returned_at ?? null }, ahead.all);
}

/** Whoever goes before is taken for bulk: rather late than early, for the end of each send wakes who goes next. */
async function forecastBulk(
  trx: Trx,
  { rules, openings, connection, now }: Sight,
  message: MessageRow,
  ahead: Ahead,
  gapEndsAt: number,
): Promise<number> {
  const stepMs = stepOf(rules, 'text');
  const returnedAt = connection?.returned_at ?? null;
  const endOf = async (opens: boolean, from: number): Promise<number> => {
    const shares = bulkShares(rules, connection?.first_connected_at ?? null, now, opens);
    const known = connection !== null && shares.length > 0;
    const written = known ? await writtenOf(trx, connection.id, { counts: 'bulk', opens }, now) : [];
    return planAhead({ from, stepMs, written, shares, rules, returnedAt }, opens ? ahead.fresh : ahead.all);
  };
  const at = await endOf(false, Math.max(openings.bulk.at, gapEndsAt));
  return message.fresh === 1 && rules.capNewHourly > 0 ? Math.max(at, await endOf(true, openings.freshBulk.at)) : at;
}

/** How many of a lane go before a message by their turn, and how many of these open a conversation. */
interface Ahead {
  all: number;
  fresh: number;
}

async function countAhead(trx: Trx, { lane_id, rank, seq }: MessageRow): Promise<Ahead> {
  const row = await trx<MessageRow>('messages')
    .where({ lane_id, claimable: 1 })
    .where((turn) => {
      void turn.where('rank', '<', rank).orWhere((same) => void same.where({ rank }).where('seq', '<', seq));
    })
    .first<{ n: number | string; fresh: number | string | null }>(trx.raw('count(*) as n, sum(fresh) as fresh'));
  return { all: Number(row.n), fresh: Number(row.fresh ?? 0) };
}
