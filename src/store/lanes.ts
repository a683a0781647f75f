import { isAsleep } from '../domain/lane/wake';
import type { MessageRef, StoreContext, Trx, WakeRef } from './context';
import { gapBefore } from './lane/gap';
import { findNext } from './lane/next';
import { lookAt } from './lane/sight';
import type { LaneDbRow, MessageRow } from './rows';

/**
 * Creates a lane when it is missing; a lane exists before any message of it. Merging, not ignoring: in MySQL the latter
 * would also cut what is too long, and take a shared lock that deadlocks with the lane's lock behind it.
 */
export async function ensureLane(
  trx: Trx,
  lane: Pick<LaneDbRow, 'id' | 'location_id' | 'kind' | 'connection_id'>,
): Promise<void> {
  await trx('lanes')
    .insert({ ...lane, next_seq: 1, last_at: 0, tail_at: 0 })
    .onConflict('id')
    .merge(['id']);
}

/** Locks a lane for the rest of the transaction and returns it. Lock order: lane, message, part. */
export async function lockLane(trx: Trx, laneId: string): Promise<LaneDbRow> {
  const lane = await trx<LaneDbRow>('lanes').where({ id: laneId }).forUpdate().first();
  if (lane === undefined) throw new Error('A lane is missing; lanes are made before their messages.');
  return lane;
}

/** Returns whether nothing of a lane is unfinished. */
export async function isIdle(trx: Trx, laneId: string): Promise<boolean> {
  const open = await trx('messages').where({ lane_id: laneId, open: 1 }).first<{ id: string } | undefined>('id');
  return open === undefined;
}

/** Returns when the first unfinished message before this one to the same party acts next; null when there is none. */
export async function partyActsAt(trx: Trx, message: MessageRow): Promise<number | null> {
  const first = await trx<MessageRow>('messages')
    .where({ lane_id: message.lane_id, open: 1, party: message.party })
    .where('seq', '<', message.seq)
    .orderBy('seq')
    .first('next_wake_at');
  return first?.next_wake_at ?? null;
}

/**
 * Marks the lane's head as due when it sleeps past the moment at which it may go; one that may not go yet too, for it
 * may have gone to sleep until the end of a hold that is over. Returns whom to signal after the commit, or null. The
 * mark outlives a crash between commit and signal: the sweeper signals what was left.
 */
export async function wakeHead(ctx: StoreContext, trx: Trx, laneId: string, now: number): Promise<WakeRef | null> {
  const lane = await trx<LaneDbRow>('lanes').where({ id: laneId }).first();
  if (lane === undefined) return null;
  const sight = await lookAt(ctx, trx, lane, now);
  const next = await findNext(trx, sight);
  if (next === null) return null;
  const { message, at } = next;
  const mayGoAt = Math.max(at, await gapBefore(trx, sight, message), lane.lease_until ?? 0);
  return isAsleep(message.next_wake_at, mayGoAt, now) ? await markHead(trx, lane, message, now) : null;
}

/**
 * Marks a lane's sleeping head as due. It counts as awake from now on, or everybody who is refused before it comes
 * would wake it once more; a wake that gets lost is repeated when it is overdue. Returns whom to signal.
 */
export async function markHead(trx: Trx, lane: LaneDbRow, head: MessageRow, now: number): Promise<WakeRef> {
  await trx('lanes').where({ id: lane.id }).update({ wake_due_message: head.id, wake_due_at: now });
  await trx<MessageRow>('messages').where({ id: head.id }).update({ next_wake_at: now });
  return { ...wakeRefOf(head), laneId: lane.id };
}

/** Returns how to wake a message's workflow. */
export function wakeRefOf(message: MessageRow): WakeRef {
  return { ...messageRefOf(message), claimed: message.claimed === 1 || message.open === 0 };
}

/** Returns what a starter has to know of a message. */
export function messageRefOf(message: MessageRow): MessageRef {
  return {
    locationId: message.location_id,
    messageId: message.id,
    workflowId: message.workflow_id,
    direction: message.direction,
    channel: message.channel,
    state: message.state,
    connectionId: message.connection_id,
    contactId: message.contact_id,
  };
}

/** Clears a lane's mark after its head was signalled; a mark that has moved on to another head stays. */
export async function clearWake({ db }: StoreContext, wake: WakeRef): Promise<void> {
  if (wake.laneId === undefined) return;
  await db
    .knex('lanes')
    .where({ id: wake.laneId, location_id: wake.locationId, wake_due_message: wake.messageId })
    .update({ wake_due_message: null, wake_due_at: null });
}
