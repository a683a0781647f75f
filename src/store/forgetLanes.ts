import { parkingLaneId } from '../domain/ids';
import type { Scope, StoreContext, Trx } from './context';
import { ensureLocation } from './locations';
import type { LaneDbRow, MessageRow } from './rows';
import type { SubjectKeys } from './subject';

/**
 * Removes the lanes of senders that were erased: a lane's id holds the keyed hash of its sender's number. Their messages
 * have ended, so they may stand in any lane; they get the location's parking lane. A lane with work in it stays.
 */
export async function forgetInboundLanes(ctx: StoreContext, scope: Scope, keys: SubjectKeys | null): Promise<void> {
  const lanes = await ctx.db
    .knex<LaneDbRow>('lanes')
    .where({ location_id: scope.locationId, kind: 'inbound' })
    .pluck('id');
  const isTheirs = (id: string): boolean => keys === null || keys.addressKeys.some((key) => id.endsWith(`:${key}`));
  for (const id of lanes.filter(isTheirs)) await forgetLane(ctx, scope, id);
}

async function forgetLane(ctx: StoreContext, scope: Scope, id: string): Promise<void> {
  await ctx.db.tx(async (trx) => {
    await ensureLocation(ctx, trx, scope);
    // Not lockLane, which wants the lane to be there: two erasures may meet.
    await trx<LaneDbRow>('lanes').where({ id }).forUpdate().first('id');
    const left = await trx<MessageRow>('messages')
      .where({ lane_id: id })
      .where((one) => void one.where({ open: 1 }).orWhereNull('erased_at'))
      .first('id');
    if (left !== undefined) return;
    await dropLane(trx, scope, id);
  });
}

/**
 * Deletes a locked lane of a location that is known, in which everything has ended. Its messages get the location's
 * parking lane: one of which GHL is still to be told is claimed under its lane's lock.
 */
export async function dropLane(trx: Trx, scope: Scope, id: string): Promise<void> {
  await trx<MessageRow>('messages')
    .where({ lane_id: id })
    .update({ lane_id: parkingLaneId(scope.locationId) });
  await trx<LaneDbRow>('lanes').where({ id }).delete();
}
