import { emptyPlan, planAfresh, planNext, stepOf, type Plan, type PlanRules } from '../../domain/lane/forecast';
import { paceKindOf } from '../../domain/lane/gap';
import { openingFor } from '../../domain/lane/openings';
import { treatedAs, type LaneRules } from '../../domain/laneRules';
import type { StoreContext, Trx } from '../context';
import { isIdle } from '../lanes';
import type { ConnectionRow, LaneDbRow, MessageRow } from '../rows';
import { gapBefore } from './gap';
import { dueOfRow, findNext } from './next';
import { lookAt } from './sight';

/** The lane in which a message is being accepted, locked. */
export interface Queue {
  lane: LaneDbRow;
  connection: ConnectionRow | null;
  rules: LaneRules;
}

/** A message that has its place in the lane and no wake-up yet. */
export type Arriving = Pick<
  MessageRow,
  'lane_id' | 'party' | 'rank' | 'fresh' | 'repeat_at' | 'not_before' | 'to_group' | 'files'
>;

/** A wake-up this soon needs no second look. */
const SOON_MS = 1_000;

/**
 * Returns when a message that is accepted at `now` will probably go, and notes how far the lane is planned by that. The
 * cost is the same however many wait. It is a forecast by the lane's plan, but for one that goes next: its moment is
 * known, and nobody would wake it.
 */
export async function planArrival(
  ctx: StoreContext,
  trx: Trx,
  queue: Queue,
  message: Arriving,
  now: number,
): Promise<number> {
  const { at, noted } = await planBehind(trx, queue, message, now);
  const soon = at <= now + SOON_MS || (queue.lane.lease_until ?? 0) > now;
  const plannedAt = Math.round(soon ? at : ((await momentIfNext(ctx, trx, queue.lane, message, now)) ?? at));
  await trx<LaneDbRow>('lanes')
    .where({ id: queue.lane.id })
    .update({ ...noted, next_seq: queue.lane.next_seq + 1 });
  return plannedAt;
}

type Noted = Partial<Pick<LaneDbRow, 'plan' | 'tail_at' | 'reply_at'>>;

async function planBehind(
  trx: Trx,
  { lane, connection, rules }: Queue,
  message: Arriving,
  now: number,
): Promise<{ at: number; noted: Noted }> {
  if (treatedAs(message) === 'reply') {
    const at = Math.max(now, Math.round(lane.reply_at + stepOf(rules, 'reply')));
    return { at, noted: { reply_at: at } };
  }
  const kind = paceKindOf({ rank: message.rank, toGroup: message.to_group === 1, isMedia: message.files > 0 });
  const before = planOf(lane);
  const plan = before.at > now && (await isIdle(trx, lane.id)) ? planAfresh(before, now) : before;
  const next = planNext(plan, { kind, fresh: message.fresh === 1, now }, { rules, ...daysOf(connection) });
  const tail = plan === before ? Math.max(lane.tail_at, next.at) : next.at;
  return { at: next.at, noted: { plan: JSON.stringify(next.plan), tail_at: Math.round(tail) } };
}

/** Returns since when a number is connected, and since when again. */
function daysOf(connection: ConnectionRow | null): Pick<PlanRules, 'firstConnectedAt' | 'returnedAt'> {
  return { firstConnectedAt: connection?.first_connected_at ?? null, returnedAt: connection?.returned_at ?? null };
}

function planOf(lane: LaneDbRow): Plan {
  return lane.plan === null ? emptyPlan() : (JSON.parse(lane.plan) as Plan);
}

/** The moment at which a message may go that nobody goes before; null where somebody does. It is not stored yet. */
async function momentIfNext(
  ctx: StoreContext,
  trx: Trx,
  lane: LaneDbRow,
  message: Arriving,
  now: number,
): Promise<number | null> {
  const sight = await lookAt(ctx, trx, lane, now);
  const next = await findNext(trx, sight);
  const opening = openingFor(sight.openings, { rank: message.rank, fresh: message.fresh === 1 });
  const at = Math.max(now, opening.at, dueOfRow(message, sight.rules.duplicateTextMs));
  if (next !== null && (next.at < at || (next.at === at && next.message.rank <= message.rank))) return null;
  const { lane_id, party } = message;
  const earlier = await trx<MessageRow>('messages').where({ lane_id, open: 1, party }).first('id');
  return earlier === undefined ? Math.max(at, await gapBefore(trx, sight, message)) : null;
}
