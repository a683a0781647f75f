import type { StoreContext, Trx } from '../context';
import { rulesOf } from '../laneRules';
import type { ConnectionRow, LaneDbRow, LocationRow, MessageRow } from '../rows';
import { isFresh } from './fresh';
import { planArrival, type Arriving } from './plan';
import { lastWritten } from './repeats';

/** A message that is being accepted, as far as its lane asks. */
export type Unplanned = Omit<Arriving, 'lane_id' | 'fresh' | 'repeat_at' | 'not_before'> &
  Pick<MessageRow, 'id' | 'location_id' | 'connection_id' | 'address_key' | 'content_key'>;

/** Where it is accepted; the lane is locked. */
export interface Entrance {
  lane: LaneDbRow;
  connection: ConnectionRow | null;
  location: LocationRow | undefined;
}

export interface Arrived {
  plannedAt: number;
  noted: Pick<MessageRow, 'fresh' | 'repeat_at'>;
}

/** Takes the next place in a lane for a message. Returns when it will probably go, and what is noted of it. */
export async function arrive(
  ctx: StoreContext,
  trx: Trx,
  { lane, connection, location }: Entrance,
  message: Unplanned,
  now: number,
): Promise<Arrived> {
  const rules = rulesOf(ctx, connection, location);
  const paced = connection !== null && ctx.capabilities(connection.gateway).paced;
  const noted = {
    fresh: paced ? await isFresh(trx, message) : (0 as const),
    repeat_at: await lastWritten(trx, message, rules.duplicateTextMs, now),
  };
  const arriving = { ...message, ...noted, lane_id: lane.id, not_before: 0 };
  return { plannedAt: await planArrival(ctx, trx, { lane, connection, rules }, arriving, now), noted };
}
