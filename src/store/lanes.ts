import type { Knex } from 'knex';
import { forecast, forecastStep, isAsleep, type Gap } from '../domain/lane';
import type { MessageRef, StoreContext, Trx, WakeRef } from './context';
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
    .insert({ ...lane, next_seq: 1, free_at: 0, tail_at: 0 })
    .onConflict('id')
    .merge(['id']);
}

/** Locks a lane for the rest of the transaction and returns it. Lock order: lane, message, part. */
export async function lockLane(trx: Trx, laneId: string): Promise<LaneDbRow> {
  const lane = await trx<LaneDbRow>('lanes').where({ id: laneId }).forUpdate().first();
  if (lane === undefined) throw new Error('A lane is missing; lanes are made before their messages.');
  return lane;
}

/** Returns the head of a lane (see domain/lane.ts headOf, which this query must agree with), or null. */
export async function findHead(trx: Trx, laneId: string, now: number): Promise<MessageRow | null> {
  const head = await firstsOfParties(trx, laneId)
    .where('m.not_before', '<=', now)
    .orderBy([{ column: 'm.rank' }, { column: 'm.seq' }])
    .first<MessageRow | undefined>('m.*');
  return head ?? null;
}

/** Returns the head, or while everybody is in back-off the first who comes out of it; null when nobody waits. */
async function findNext(trx: Trx, laneId: string, now: number): Promise<MessageRow | null> {
  const head = await findHead(trx, laneId, now);
  if (head !== null) return head;
  const next = await firstsOfParties(trx, laneId)
    .orderBy([{ column: 'm.not_before' }, { column: 'm.seq' }])
    .first<MessageRow | undefined>('m.*');
  return next ?? null;
}

/** What may be claimed in a lane, back-off apart: the first unfinished message of each party. */
function firstsOfParties(trx: Trx, laneId: string): Knex.QueryBuilder {
  return trx('messages as m')
    .where('m.lane_id', laneId)
    .where('m.claimable', 1)
    .whereNotExists((earlier) => {
      void earlier
        .from('messages as e')
        .where('e.lane_id', laneId)
        .where('e.open', 1)
        .whereRaw('e.party = m.party')
        .whereRaw('e.seq < m.seq');
    });
}

/** Returns whether nothing of a lane is unfinished. */
export async function isIdle(trx: Trx, laneId: string): Promise<boolean> {
  const open = await trx('messages').where({ lane_id: laneId, open: 1 }).first<{ id: string } | undefined>('id');
  return open === undefined;
}

/** Returns how many unfinished messages were accepted to this lane before `seq`. */
export async function countAhead(trx: Trx, laneId: string, seq: number): Promise<number> {
  const row = await trx('messages')
    .where({ lane_id: laneId, open: 1 })
    .where('seq', '<', seq)
    .count<{ n: number | string }[]>({ n: '*' })
    .first();
  return Number(row?.n ?? 0);
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

/** Returns when a message accepted now would probably go, and notes it as the lane's tail. */
export async function planAtTail(trx: Trx, lane: LaneDbRow, now: number, gap: Gap): Promise<number> {
  const planned = (await isIdle(trx, lane.id))
    ? Math.max(now, lane.free_at)
    : Math.max(forecast({ now, freeAt: lane.free_at, ahead: 1, gap }), lane.tail_at + forecastStep(gap));
  await trx('lanes')
    .where({ id: lane.id })
    .update({ tail_at: Math.round(planned), next_seq: lane.next_seq + 1 });
  return Math.round(planned);
}

/**
 * Marks the lane's head as due when it sleeps past the moment at which it may go; one in back-off too, for it may have
 * gone to sleep until the end of a hold that is over. Returns whom to signal after the commit, or null. The mark outlives a crash between commit and signal: the sweeper signals what was left.
 */
export async function wakeHead(trx: Trx, laneId: string, now: number): Promise<WakeRef | null> {
  const [head, lane] = [await findNext(trx, laneId, now), await trx<LaneDbRow>('lanes').where({ id: laneId }).first()];
  if (head === null || lane === undefined) return null;
  const mayGoAt = Math.max(now, lane.free_at, lane.lease_until ?? 0, head.not_before);
  if (!isAsleep(head.next_wake_at, mayGoAt, now)) return null;
  return await markHead(trx, lane, head, now);
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
